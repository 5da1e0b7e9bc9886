// What a 3 × 3 convolution with stride 1 is, for Winograd's algorithm, and the sizes that follow from it.
#pragma once
#include <algorithm>
#include <numeric>
#include <vector>

#include "Kernels.h"

namespace ctorch {

/// Channels are kept in blocks of this many, with zeros at the end of the last.
constexpr int block = 32;

struct WinogradShape {
  int images, height, width, inputs, outputs;
  Margin margin;

  int padding() const { return margin == Margin::none ? 0 : 1; }
  int out_height() const { return height + 2 * padding() - 2; }
  int out_width() const { return width + 2 * padding() - 2; }
  int input_blocks() const { return (inputs + block - 1) / block; }
  int output_blocks() const { return (outputs + block - 1) / block; }
  /// Elements of the weights in either packed form.
  size_t packed() const { return size_t(9) * input_blocks() * output_blocks() * block * block; }

  /// Products of one channel with one other, per image.
  long products(int m) const {
    const long rows = (out_height() + m - 1) / m, columns = (out_width() + m - 1) / m;
    return rows * columns * (m + 2) * (m + 2);
  }
  /// The tile with fewer products: 6 for large images, 4 where 6 would stick out far over the edge.
  int tile() const { return products(6) < products(4) ? 6 : 4; }
};

/// Tiles of m × m outputs over a shape.
struct WinogradTiles {
  int m, rows, columns;
  /// From a row (column) of the tiles' input to that of the image; −1 where zeros stand.
  std::vector<int> row_map, column_map;

  WinogradTiles(const WinogradShape &s, int m)
      : m(m), rows((s.out_height() + m - 1) / m), columns((s.out_width() + m - 1) / m) {
    row_map = map(rows * m + 2, s.height, s.margin);
    column_map = map(columns * m + 2, s.width, s.margin);
  }

  static std::vector<int> map(int count, int size, Margin margin) {
    std::vector<int> result(count, -1);
    const int padding = margin == Margin::none ? 0 : 1;
    for (int i = 0; i < std::min(count, size + 2 * padding); i++) result[i] = inside(i - padding, size, margin);
    return result;
  }
};

/// The products are independent for each of the n² points of a tile. Threads take rows of points, and where there are more
/// threads than rows, each row in `parts` ranges of channel blocks.
struct WinogradTasks {
  int rows, parts;
  WinogradTasks(int n, int threads, int blocks)
      : rows(n), parts(std::clamp(threads / std::gcd(n, threads), 1, blocks)) {}
  int count() const { return rows * parts; }
};

}  // namespace ctorch
