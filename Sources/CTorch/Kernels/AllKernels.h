// Everything that is compiled once for each instruction set, and the table of it. No include guard, as Vector.h.
#include "Vector.h"
#include "Products.h"
#include "WinogradTile.h"
#include "WinogradWeights.h"
#include "Winograd.h"
#include "WinogradGradient.h"

/// Calls body with a null pointer of the elements' type, and the size of Winograd's tile as a constant.
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
