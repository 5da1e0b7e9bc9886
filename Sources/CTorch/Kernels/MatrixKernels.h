// The kernels of the matrix unit, which take bfloat16, and the table in which they stand before the others. No include
// guard; AllKernels.h stands before this.
#include "MatrixTile.h"
#include "MatrixPacking.h"
#include "Matrix.h"
#include "MatrixGradientStrips.h"
#include "MatrixGradient.h"

inline MatrixShape matrix_shape(const ConvolutionShape &s) { return {s, Margin::zeros}; }
inline MatrixShape matrix_shape(const WinogradShape &s) {
  return {{s.images, s.height, s.width, s.inputs, s.outputs, 3, 3, 1, s.padding()}, s.margin};
}
inline const bf16 *halves(const void *x) { return static_cast<const bf16 *>(x); }
inline bf16 *halves(void *x) { return static_cast<bf16 *>(x); }

/// What Winograd's algorithm is for elsewhere is here a convolution like others.
inline void matrix_winograd_forward(const WinogradShape &s, bool half, int tile, const void *x, const float *weight,
                                    const float *bias, void *y, int threads, Scratch &memory) {
  if (!half) return run_winograd_forward(s, half, tile, x, weight, bias, y, threads, memory);
  matrix_forward(matrix_shape(s), halves(x), weight, bias, halves(y), threads, memory);
}

inline void matrix_winograd_backward(const WinogradShape &s, bool half, int tile, const void *x, const void *gy,
                                     const float *weight, void *dx, float *dw, int threads, Scratch &memory) {
  if (!half) return run_winograd_backward(s, half, tile, x, gy, weight, dx, dw, threads, memory);
  if (dx != nullptr) matrix_input_gradient(matrix_shape(s), halves(gy), weight, nullptr, halves(dx), threads, memory);
  if (dw != nullptr) matrix_weight_gradient(matrix_shape(s), halves(x), halves(gy), dw, threads, memory);
}

inline void matrix_direct_forward(const ConvolutionShape &s, bool half, const void *x, const float *weight,
                                  const float *bias, void *y, int threads, Scratch &memory) {
  if (!half) return run_direct_forward(s, half, x, weight, bias, y, threads, memory);
  matrix_forward(matrix_shape(s), halves(x), weight, bias, halves(y), threads, memory);
}

inline void matrix_direct_input_gradient(const ConvolutionShape &s, bool half, const void *gy, const float *weight,
                                         const float *bias, void *dx, int threads, Scratch &memory) {
  if (!half) return run_direct_input_gradient(s, half, gy, weight, bias, dx, threads, memory);
  matrix_input_gradient(matrix_shape(s), halves(gy), weight, bias, halves(dx), threads, memory);
}

inline void matrix_direct_weight_gradient(const ConvolutionShape &s, bool half, const void *x, const void *gy, float *dw,
                                          int threads, Scratch &memory) {
  if (!half) return run_direct_weight_gradient(s, half, x, gy, dw, threads, memory);
  matrix_weight_gradient(matrix_shape(s), halves(x), halves(gy), dw, threads, memory);
}

/// As run_peak: `rounds` times four products of tiles on each thread.
inline double matrix_peak(long rounds, bool half, int threads) {
  if (!half) return run_peak(rounds, half, threads);
  auto body = [&](int, int) {
    const TileUse use;
    alignas(64) float words[tile_words] = {};
    load_sums<2, 2>(words, 0);
    _tile_loadd(4, words, 64);
    _tile_loadd(5, words, 64);
    _tile_loadd(6, words, 64);
    _tile_loadd(7, words, 64);
    for (long round = 0; round < rounds; round++) {
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  };
  on_all_threads(threads, body);
  return 2.0 * side * side * tile_elements * 4 * double(rounds) * threads;
}

/// The kernels of the processor's vectors, but for what the matrix unit does.
constexpr KernelTable matrix_table(const char *name) {
  KernelTable result = table(name);
  result.winograd_forward = matrix_winograd_forward;
  result.winograd_backward = matrix_winograd_backward;
  result.direct_forward = matrix_direct_forward;
  result.direct_input_gradient = matrix_direct_input_gradient;
  result.direct_weight_gradient = matrix_direct_weight_gradient;
  result.peak = matrix_peak;
  return result;
}
