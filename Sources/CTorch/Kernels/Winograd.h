// A 3 × 3 convolution with stride 1 by Winograd's algorithm: the parts that forward and gradients share, and the forward
// pass. No include guard, as Vector.h.
//
// Transformed images lie as [point][channel block][tile][32]: products are then, for each of a tile's n² points, one plain
// matrix product [tiles, inputs] × [inputs, outputs]. Weights are not kept in transformed form: that is n²/9 times their
// size, written to memory and read back. Each thread transforms the panel that it needs next into its own cache, from the
// packed weights ([block][3 × 3][channel][32]), which costs a few per cent of the product.

/// Where the points of a transformed image are: a little apart, so that they do not meet in the same sets of the cache.
inline long point_stride(int blocks, long tiles) { return blocks * tiles * block + 80; }

template <int m>
struct Winograd {
  using Tile = WinogradTile<m>;
  static constexpr int n = Tile::n, points = n * n;
  static constexpr int lanes = block / width;  // vectors in a block

  const WinogradShape &s;
  const WinogradTiles &t;

  /// Asks the cache for a tile's n² points, some tiles ahead: more streams than the processor follows by itself.
  template <bool writes>
  static void fetch_ahead(const float *tile, long apart) {
    for (int p = 0; p < points; p++) __builtin_prefetch(tile + p * apart + 2 * block, writes, 3);
  }

  /// Runs `body(image, tile row, vector of channels)` over a thread's part.
  template <typename Body>
  void each(long from, long to, int blocks, int thread, int threads, Body body) const {
    const int vectors = blocks * lanes;
    const long tasks = (to - from) * vectors;
    for (long task = share(tasks, thread, threads), end = share(tasks, thread + 1, threads); task < end; task++) {
      const long row = from + task / vectors;
      body(row, static_cast<int>(row / t.rows), static_cast<int>(row % t.rows), static_cast<int>(task % vectors));
    }
  }

  /// Bᵀ x B of the tile rows from … to (counted through all images). x [N, H, W, C].
  template <typename T>
  void transform_input(const T *x, float *out, long from, long to, int thread, int threads) const {
    const long tiles = (to - from) * t.columns, apart = point_stride(s.input_blocks(), tiles);
    each(from, to, s.input_blocks(), thread, threads, [&](long row, int image, int i, int vector) {
      const int there = std::clamp(s.inputs - vector * width, 0, width);
      const T *base = x + long(image) * s.height * s.width * s.inputs + vector * width;
      float *to_tile = out + ((vector / lanes) * tiles + (row - from) * t.columns) * block + (vector % lanes) * width;
      if (there == width) {
        input_row<true>(base, to_tile, apart, i, there);
      } else {
        input_row<false>(base, to_tile, apart, i, there);
      }
    });
  }

  template <bool whole, typename T>
  void input_row(const T *base, float *out, long apart, int i, int there) const {
    for (int j = 0; j < t.columns; j++, out += block) {
      fetch_ahead<true>(out, apart);
      V half[points], v[n], full[n];
      const int *columns = t.column_map.data() + j * m;
      for (int y = 0; y < n; y++) {
        const int row = t.row_map[i * m + y];
        const T *from = base + long(row) * s.width * s.inputs;
        for (int z = 0; z < n; z++) {
          const bool inside = row >= 0 && columns[z] >= 0 && (whole || there > 0);
          v[z] = inside ? load(from + long(columns[z]) * s.inputs, there, whole) : zero();
        }
        Tile::input(v, 1, half + y * n, 1);
      }
      for (int z = 0; z < n; z++) {
        Tile::input(half + z, n, full, 1);
        for (int y = 0; y < n; y++) store(out + (y * n + z) * apart, full[y]);
      }
    }
  }

  /// Aᵀ M A, and the bias, into y [N, Ho, Wo, K].
  template <typename T>
  void transform_output(const float *products, const float *bias, T *y, long from, long to, int thread,
                        int threads) const {
    const long tiles = (to - from) * t.columns, apart = point_stride(s.output_blocks(), tiles);
    each(from, to, s.output_blocks(), thread, threads, [&](long row, int image, int i, int vector) {
      const int there = std::clamp(s.outputs - vector * width, 0, width);
      if (there == 0) return;
      const float *tile =
          products + ((vector / lanes) * tiles + (row - from) * t.columns) * block + (vector % lanes) * width;
      const V added = bias == nullptr ? zero() : load(bias + vector * width, there);
      T *out = y + (long(image) * s.out_height() + i * m) * s.out_width() * s.outputs + vector * width;
      const int high = std::min(m, s.out_height() - i * m);
      for (int j = 0; j < t.columns; j++, tile += block) {
        fetch_ahead<false>(tile, apart);
        V half[n * m], v[n], full[m];
        for (int y = 0; y < n; y++) {
          for (int z = 0; z < n; z++) v[z] = load(tile + (y * n + z) * apart);
          Tile::output(v, 1, half + y * m, 1);
        }
        const int wide = std::min(m, s.out_width() - j * m);
        for (int z = 0; z < wide; z++) {
          Tile::output(half + z, m, full, 1);
          T *to = out + (j * m + z) * long(s.outputs);
          for (int y = 0; y < high; y++, to += long(s.out_width()) * s.outputs) {
            if (there == width) {
              store(to, full[y] + added);
            } else {
              store(to, full[y] + added, there);
            }
          }
        }
      }
    });
  }

  // Of G's rows the first is (a, 0, 0) and the last (0, 0, 1); between them stand pairs (a, b, c), (a, −b, c).

  /// Row i of G applied to one block's packed weights: [3 × 3][C][32] → [3][C][32], in `into` or where it stands already.
  static const float *combine_rows(const float *packed, float *into, int i, int channels) {
    const long size = long(3) * channels * block;
    if (i == n - 1) return packed + 2 * size;
    const V g0 = all(Tile::G[i][0]), g1 = all(Tile::G[i][1]), g2 = all(Tile::G[i][2]);
    for (long k = 0; k < size; k += width) {
      const V first = load(packed + k) * g0;
      store(into + k, i == 0 ? first : fma(load(packed + size + k), g1, fma(load(packed + 2 * size + k), g2, first)));
    }
    return into;
  }

  /// Columns j and, of a pair, j + 1 of Gᵀ: [3][C][32] → one or two panels [C][32], in `into` or where they stand already.
  static const float *combine_columns(const float *rows, float *into, int j, int channels) {
    const long size = long(channels) * block;
    if (j == n - 1) return rows + 2 * size;
    const V g0 = all(Tile::G[j][0]), g1 = all(Tile::G[j][1]), g2 = all(Tile::G[j][2]);
    for (long k = 0; k < size; k += width) {
      const V first = load(rows + k) * g0;
      if (j == 0) {
        store(into + k, first);
      } else {
        const V even = fma(load(rows + 2 * size + k), g2, first), odd = load(rows + size + k) * g1;
        store(into + k, even + odd);
        store(into + size + k, even - odd);
      }
    }
    return into;
  }

  /// For each point of row i: [tiles, from blocks] × weights → the blocks first … last of [tiles, to blocks].
  static void multiply_row(const float *in, float *out, const float *packed, int i, int first, int last, int from_blocks,
                           int to_blocks, long tiles, float *scratch) {
    const int channels = from_blocks * block;
    const long size = long(channels) * block;
    float *panels = scratch + 3 * to_blocks * size;
    const float *rows = scratch;
    long apart = 3 * size;
    for (int b = first; b < last; b++) {
      const float *combined = combine_rows(packed + b * 9 * size, scratch + b * 3 * size, i, channels);
      if (combined != scratch + b * 3 * size) rows = packed + 6 * size, apart = 9 * size;
    }
    for (int j = 0, count; j < n; j += count) {
      count = j == 0 || j == n - 1 ? 1 : 2;
      for (int b = first; b < last; b++) {
        const float *panel = combine_columns(rows + b * apart, panels, j, channels);
        for (int point = i * n + j; point < i * n + j + count; point++, panel += size) {
          multiply(in + point * point_stride(from_blocks, tiles), panel,
                   out + point * point_stride(to_blocks, tiles) + b * tiles * block, tiles, from_blocks);
        }
      }
    }
  }
  static size_t multiply_scratch(int from_blocks, int to_blocks) {
    return size_t(3 * to_blocks + 2) * from_blocks * block * block;
  }
};

/// x [N, H, W, C], weight [K, C, 3, 3] float, bias [K] or null → y [N, Ho, Wo, K].
template <int m, typename T>
void winograd_forward(const WinogradShape &s, const T *x, const float *weight, const float *bias, T *y, int threads,
                      Scratch &memory) {
  const WinogradTiles t(s, m);
  const Winograd<m> w{s, t};
  const int from = s.input_blocks(), to = s.output_blocks();
  const long rows = long(s.images) * t.rows;
  // As many tile rows at a time as keep both transformed images within the last level of cache.
  const long row_bytes = long(w.points) * t.columns * (from + to) * block * 4;
  const long chunks = (rows * row_bytes + transformed_bytes - 1) / transformed_bytes;
  const long most = ((rows + chunks - 1) / chunks) * t.columns;
  float *packed = memory.floats(s.packed());
  float *in = memory.floats(w.points * point_stride(from, most));
  float *out = memory.floats(w.points * point_stride(to, most));
  const size_t each = w.multiply_scratch(from, to);
  float *scratch = memory.floats(each * threads);
  auto body = [&](int thread, int threads) {
    const WinogradTasks tasks(w.n, threads, to);
    pack_weights(weight, s.outputs, s.inputs, packed, nullptr, thread, threads);
    for (long c = 0; c < chunks; c++) {
      const long begin = share(rows, c, chunks), end = share(rows, c + 1, chunks), tiles = (end - begin) * t.columns;
      w.transform_input(x, in, begin, end, thread, threads);
      GOMP_barrier();
      for (int task = share(tasks.count(), thread, threads); task < share(tasks.count(), thread + 1, threads); task++) {
        const int part = task % tasks.parts;
        w.multiply_row(in, out, packed, task / tasks.parts, share(to, part, tasks.parts),
                       share(to, part + 1, tasks.parts), from, to, tiles, scratch + each * thread);
      }
      GOMP_barrier();
      w.transform_output(out, bias, y, begin, end, thread, threads);
    }
  };
  on_all_threads(threads, body);
}
