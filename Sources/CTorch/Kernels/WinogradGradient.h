// The gradients of a 3 × 3 convolution by Winograd's algorithm: every transform of the forward pass, transposed. No include
// guard, as Vector.h.

template <int m>
struct WinogradGradient : Winograd<m> {
  using Base = Winograd<m>;
  using Tile = WinogradTile<m>;
  using Base::lanes, Base::n, Base::points, Base::s, Base::t;

  /// A gy Aᵀ. gy [N, Ho, Wo, K].
  template <typename T>
  void transform_gradient(const T *gy, float *out, long from, long to, int thread, int threads) const {
    const long tiles = (to - from) * t.columns, apart = point_stride(s.output_blocks(), tiles);
    this->each(from, to, s.output_blocks(), thread, threads, [&](long row, int image, int i, int vector) {
      const int there = std::clamp(s.outputs - vector * width, 0, width);
      const T *base = gy + (long(image) * s.out_height() + i * m) * s.out_width() * s.outputs + vector * width;
      float *tile = out + ((vector / lanes) * tiles + (row - from) * t.columns) * block + (vector % lanes) * width;
      const int high = there > 0 ? std::min(m, s.out_height() - i * m) : 0;
      for (int j = 0; j < t.columns; j++, tile += block) {
        this->template fetch_ahead<true>(tile, apart);
        V half[m * n], v[m], full[n];
        const int wide = std::min(m, s.out_width() - j * m);
        for (int y = 0; y < m; y++) {
          const T *in = base + (long(y) * s.out_width() + j * m) * s.outputs;
          for (int z = 0; z < m; z++) {
            v[z] = y < high && z < wide ? load(in + long(z) * s.outputs, there, there == width) : zero();
          }
          Tile::output_adjoint(v, 1, half + y * n, 1);
        }
        for (int z = 0; z < n; z++) {
          Tile::output_adjoint(half + z, n, full, 1);
          for (int y = 0; y < n; y++) store(tile + (y * n + z) * apart, full[y]);
        }
      }
    });
  }

  /// Floats that `transform_to_input` needs for a thread.
  size_t plane() const { return t.row_map.size() * t.column_map.size() * width; }

  /// Σ of B D Bᵀ over the tiles, which overlap by two pixels; what falls on the margin goes where it was read from.
  template <typename T>
  void transform_to_input(const float *products, T *dx, int from_image, int to_image, float *plane, int thread,
                          int threads) const {
    const long tiles = long(to_image - from_image) * t.rows * t.columns;
    const long apart = point_stride(s.input_blocks(), tiles);
    const int vectors = (s.inputs + width - 1) / width;
    const long tasks = long(to_image - from_image) * vectors;
    const long across = long(t.column_map.size()) * width;
    for (long task = share(tasks, thread, threads); task < share(tasks, thread + 1, threads); task++) {
      const int image = task / vectors, vector = task % vectors;
      const float *tile =
          products + ((vector / lanes) * tiles + long(image) * t.rows * t.columns) * block + (vector % lanes) * width;
      for (int i = 0; i < t.rows; i++) {
        for (int j = 0; j < t.columns; j++, tile += block) {
          this->template fetch_ahead<false>(tile, apart);
          V half[points], v[n], full[n];
          for (int y = 0; y < n; y++) {
            for (int z = 0; z < n; z++) v[z] = load(tile + (y * n + z) * apart);
            Tile::input_adjoint(v, 1, half + y * n, 1);
          }
          float *corner = plane + i * m * across + long(j) * m * width;
          for (int z = 0; z < n; z++) {
            Tile::input_adjoint(half + z, n, full, 1);
            float *to = corner + z * width;
            for (int y = 0; y < n; y++, to += across) {
              // The first tile to touch a pixel sets it.
              const bool seen = (i > 0 && y < 2) || (j > 0 && z < 2);
              store(to, seen ? full[y] + load(to) : full[y]);
            }
          }
        }
      }
      fold_margin(plane, across);
      T *out = dx + (long(from_image + image) * s.height) * s.width * s.inputs + vector * width;
      const int there = std::min(width, s.inputs - vector * width), p = s.padding();
      for (int h = 0; h < s.height; h++) {
        const float *row = plane + (h + p) * across + p * width;
        for (int w = 0; w < s.width; w++, row += width, out += s.inputs) {
          if (there == width) {
            store(out, load(row));
          } else {
            store(out, load(row), there);
          }
        }
      }
    }
  }

  /// Adds a mirrored margin to the pixels that it mirrors.
  void fold_margin(float *plane, long across) const {
    if (s.margin != Margin::reflection) return;
    const auto add = [](float *to, const float *from, long step, long count) {
      for (long k = 0; k < count; k++, to += step, from += step) store(to, load(to) + load(from));
    };
    const long width_with = s.width + 2, height_with = s.height + 2;
    add(plane + 2 * across, plane, width, width_with);
    add(plane + (s.height - 1) * across, plane + (height_with - 1) * across, width, width_with);
    add(plane + 2 * width, plane, across, height_with);
    add(plane + (s.width - 1) * long(width), plane + (width_with - 1) * width, across, height_with);
  }

  /// Row i of the weights' gradient, for the output blocks first … last, added to sums [K / 32][3 × 3][C][32] where
  /// seen [K / 32][3] says that something stands there.
  void add_weight_row(const float *in, const float *gradient, int i, int first, int last, long tiles, float *rows,
                      float *sums, char *seen) const {
    const int from = s.input_blocks(), to = s.output_blocks();
    const long size = long(from) * block * block;  // of one tap of one block of outputs
    bool fresh[3] = {true, true, true};
    for (int j = 0; j < n; j++) {
      const float *x = in + (i * n + j) * point_stride(from, tiles);
      const float *g = gradient + (i * n + j) * point_stride(to, tiles);
      for (int b = first; b < last; b++) {
        for (int c = 0; c < from * block; c += outer_rows) {
          add_outer(x + (c / block * tiles) * block + c % block, g + b * tiles * block, tiles, Tile::G[j], fresh,
                    rows + b * 3 * size + long(c) * block, size);
        }
      }
      for (int f = 0; f < 3; f++) fresh[f] &= Tile::G[j][f] == 0;
    }
    for (int b = first; b < last; b++) {
      for (int a = 0; a < 3; a++) {
        if (Tile::G[i][a] == 0) continue;
        const V factor = all(Tile::G[i][a]);
        float *to_tap = sums + (b * 9 + a * 3) * size;
        const float *row = rows + b * 3 * size;
        const bool is_there = std::exchange(seen[b * 3 + a], 1) != 0;
        for (long k = 0; k < 3 * size; k += width) {
          const V product = load(row + k) * factor;
          store(to_tap + k, is_there ? product + load(to_tap + k) : product);
        }
      }
    }
  }

  /// Zeros where a thread had nothing to add.
  void fill_unseen(float *sums, const char *seen) const {
    const long size = long(3) * s.input_blocks() * block * block;
    for (int tap_row = 0; tap_row < s.output_blocks() * 3; tap_row++) {
      if (!seen[tap_row]) std::fill(sums + tap_row * size, sums + (tap_row + 1) * size, 0.f);
    }
  }
};

/// gy [N, Ho, Wo, K] → dx [N, H, W, C] and dw [K, C, 3, 3]; either may be null.
template <int m, typename T>
void winograd_backward(const WinogradShape &s, const T *x, const T *gy, const float *weight, T *dx, float *dw,
                       int threads, Scratch &memory) {
  const WinogradTiles t(s, m);
  const WinogradGradient<m> w{{s, t}};
  const int from = s.input_blocks(), to = s.output_blocks();
  const long image_bytes = long(w.points) * t.rows * t.columns * (2 * from + to) * block * 4;
  const int at_once = std::clamp<long>(transformed_bytes / image_bytes, 1, s.images);
  const int chunks = (s.images + at_once - 1) / at_once;
  const long most = long((s.images + chunks - 1) / chunks) * t.rows * t.columns;
  const size_t own = w.multiply_scratch(to, from), rows_size = s.packed() / 3, plane = w.plane();
  float *packed = dx != nullptr ? memory.floats(s.packed()) : nullptr;
  float *in = dw != nullptr ? memory.floats(w.points * point_stride(from, most)) : nullptr;
  float *gradient = memory.floats(w.points * point_stride(to, most));
  float *back = dx != nullptr ? memory.floats(w.points * point_stride(from, most)) : nullptr;
  float *scratch = memory.floats(std::max({own, rows_size, plane}) * threads);
  const size_t each = std::max({own, rows_size, plane});
  float *sums = dw != nullptr ? memory.floats(s.packed() * threads) : nullptr;
  auto body = [&](int thread, int threads) {
    const WinogradTasks to_input(w.n, threads, from), to_weight(w.n, threads, to);
    float *mine = scratch + each * thread;
    if (dx != nullptr) pack_weights(weight, s.outputs, s.inputs, nullptr, packed, thread, threads);
    std::vector<char> seen(size_t(to) * 3);
    for (int c = 0; c < chunks; c++) {
      const int first = share(s.images, c, chunks), last = share(s.images, c + 1, chunks);
      const long begin = long(first) * t.rows, end = long(last) * t.rows, tiles = (end - begin) * t.columns;
      if (dw != nullptr) w.transform_input(x, in, begin, end, thread, threads);
      w.transform_gradient(gy, gradient, begin, end, thread, threads);
      GOMP_barrier();
      for (int task = share(to_input.count(), thread, threads);
           dx != nullptr && task < share(to_input.count(), thread + 1, threads); task++) {
        const int part = task % to_input.parts;
        w.multiply_row(gradient, back, packed, task / to_input.parts, share(from, part, to_input.parts),
                       share(from, part + 1, to_input.parts), to, from, tiles, mine);
      }
      for (int task = share(to_weight.count(), thread, threads);
           dw != nullptr && task < share(to_weight.count(), thread + 1, threads); task++) {
        const int part = task % to_weight.parts;
        w.add_weight_row(in, gradient, task / to_weight.parts, share(to, part, to_weight.parts),
                         share(to, part + 1, to_weight.parts), tiles, mine, sums + s.packed() * thread, seen.data());
      }
      if (dw != nullptr && c == chunks - 1) w.fill_unseen(sums + s.packed() * thread, seen.data());
      GOMP_barrier();
      if (dx != nullptr) w.transform_to_input(back, dx, first, last, mine, thread, threads);
    }
    if (dw != nullptr) unpack_weights(sums, threads, s.packed(), s.outputs, s.inputs, dw, thread, threads);
  };
  on_all_threads(threads, body);
}
