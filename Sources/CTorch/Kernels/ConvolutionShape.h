// The sizes of one convolution, as every kernel takes them.
#pragma once

namespace ctorch {

/// Images [images, height, width, inputs] against weights [outputs, inputs, kernel_height, kernel_width], with the same
/// stride and the same zero padding along both axes. A transposed convolution is the input gradient of one of these.
struct ConvolutionShape {
  int images, height, width, inputs, outputs, kernel_height, kernel_width, stride, padding;

  int out_height() const { return (height + 2 * padding - kernel_height) / stride + 1; }
  int out_width() const { return (width + 2 * padding - kernel_width) / stride + 1; }
  int taps() const { return kernel_height * kernel_width; }
};

}  // namespace ctorch
