// What instance norm with what follows it is.
#pragma once
#include <cstddef>

namespace ctorch {

/// y = f((x − mean) · rstd) + residual per image and channel, f(v) = max(v, slope · v). A slope of 1 leaves v as it is, 0 is
/// ReLU. Images are [N, H·W, C].
struct NormShape {
  int images, pixels, channels;
  float epsilon, slope;

  /// Floats of the sums that the threads share.
  size_t sums(int threads, int padded) const { return size_t(threads) * images * 2 * padded; }
};

}  // namespace ctorch
