// The kernels of one instruction set.
#pragma once
#include "WinogradShape.h"

namespace ctorch {

/// Pointers to elements of either type: float32 or bfloat16.
struct KernelTable {
  const char *name;
  void (*winograd_forward)(const WinogradShape &, bool half, int tile, const void *x, const float *weight,
                           const float *bias, void *y, int threads, Scratch &);
  void (*winograd_backward)(const WinogradShape &, bool half, int tile, const void *x, const void *gy,
                            const float *weight, void *dx, float *dw, int threads, Scratch &);
};

}  // namespace ctorch
