// The kernels of one instruction set.
#pragma once
#include "ConvolutionShape.h"
#include "NormShape.h"
#include "WinogradShape.h"

namespace ctorch {

/// Pointers to elements of either type: float32 or bfloat16.
struct KernelTable {
  const char *name;
  void (*winograd_forward)(const WinogradShape &, bool half, int tile, const void *x, const float *weight,
                           const float *bias, void *y, int threads, Scratch &);
  void (*winograd_backward)(const WinogradShape &, bool half, int tile, const void *x, const void *gy,
                            const float *weight, void *dx, float *dw, int threads, Scratch &);
  void (*direct_forward)(const ConvolutionShape &, bool half, const void *x, const float *weight, const float *bias,
                         void *y, int threads, Scratch &);
  /// Also the forward pass of a transposed convolution, which is what a bias is for.
  void (*direct_input_gradient)(const ConvolutionShape &, bool half, const void *gy, const float *weight,
                                const float *bias, void *dx, int threads, Scratch &);
  void (*direct_weight_gradient)(const ConvolutionShape &, bool half, const void *x, const void *gy, float *dw,
                                 int threads, Scratch &);
  void (*norm_forward)(const NormShape &, bool half, const void *x, const void *residual, void *y, float *mean,
                       float *rstd, int threads, Scratch &);
  void (*norm_backward)(const NormShape &, bool half, const void *x, const void *gy, const float *mean,
                        const float *rstd, void *dx, int threads, Scratch &);
  double (*peak)(long rounds, bool half, int threads);
};

}  // namespace ctorch
