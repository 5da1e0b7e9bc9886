// Everything that is compiled once for each instruction set, and the table of it. No include guard, as Vector.h.
#include "Vector.h"
#include "Products.h"
#include "WinogradTile.h"
#include "WinogradWeights.h"
#include "Winograd.h"
#include "WinogradGradient.h"
#include "InstanceNorm.h"
#include "DirectPacking.h"
#include "DirectTile.h"
#include "Direct.h"
#include "DirectGradient.h"
#include "Peak.h"

/// Calls body with a null pointer of the elements' type.
template <typename Body>
void with_type(bool half, Body body) {
  if (half) {
    body(static_cast<bf16 *>(nullptr));
  } else {
    body(static_cast<float *>(nullptr));
  }
}

inline void run_winograd_forward(const WinogradShape &s, bool half, int tile, const void *x, const float *weight,
                                 const float *bias, void *y, int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const auto run = tile == 6 ? winograd_forward<6, T> : winograd_forward<4, T>;
    run(s, static_cast<const T *>(x), weight, bias, static_cast<T *>(y), threads, memory);
  });
}

inline void run_winograd_backward(const WinogradShape &s, bool half, int tile, const void *x, const void *gy,
                                  const float *weight, void *dx, float *dw, int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const auto run = tile == 6 ? winograd_backward<6, T> : winograd_backward<4, T>;
    run(s, static_cast<const T *>(x), static_cast<const T *>(gy), weight, static_cast<T *>(dx), dw, threads, memory);
  });
}

inline void run_direct_forward(const ConvolutionShape &s, bool half, const void *x, const float *weight,
                               const float *bias, void *y, int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    direct_forward(s, static_cast<const T *>(x), weight, bias, static_cast<T *>(y),
                   memory.floats(direct_scratch(s, threads)), threads);
  });
}

inline void run_direct_input_gradient(const ConvolutionShape &s, bool half, const void *gy, const float *weight,
                                      const float *bias, void *dx, int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    direct_input_gradient(s, static_cast<const T *>(gy), weight, bias, static_cast<T *>(dx),
                          memory.floats(direct_scratch(s, threads)), threads);
  });
}

inline void run_direct_weight_gradient(const ConvolutionShape &s, bool half, const void *x, const void *gy, float *dw,
                                       int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    direct_weight_gradient(s, static_cast<const T *>(x), static_cast<const T *>(gy), dw,
                           memory.floats(direct_gradient_scratch(s, threads)), threads);
  });
}

inline void run_norm_forward(const NormShape &s, bool half, const void *x, const void *residual, void *y, float *mean,
                             float *rstd, int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    norm_forward(s, static_cast<const T *>(x), static_cast<const T *>(residual), static_cast<T *>(y), mean, rstd,
                 threads, memory);
  });
}

inline void run_norm_backward(const NormShape &s, bool half, const void *x, const void *gy, const float *mean,
                              const float *rstd, void *dx, int threads, Scratch &memory) {
  with_type(half, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    norm_backward(s, static_cast<const T *>(x), static_cast<const T *>(gy), mean, rstd, static_cast<T *>(dx), threads,
                  memory);
  });
}

/// The table of this instruction set.
constexpr KernelTable table(const char *name) {
  return {name,
          run_winograd_forward,
          run_winograd_backward,
          run_direct_forward,
          run_direct_input_gradient,
          run_direct_weight_gradient,
          run_norm_forward,
          run_norm_backward,
          run_peak};
}
