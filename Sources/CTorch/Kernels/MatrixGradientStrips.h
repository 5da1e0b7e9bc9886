// Convolution on the matrix unit: the gradient of its weights where rows of pixels fill strips of 16.
//
// No include guard; MatrixPacking.h stands before this. The gradient is, for each tap, dyᵀ · x summed over pixels, on the
// left 16 outputs × 32 pixels, on the right 32 pixels × 16 channels. The 32 pixels are a row of a chunk, which is two strips
// of 16 columns and some rows; pixel i of one strip and pixel i of the other make a pair. So the next tap in a row of the
// kernel reads the same packed numbers one line further on, and the next row of the kernel the next tile: neither is packed
// again, and a tile that is loaded once is multiplied by up to three others, which suits the second-level cache.

/// Bytes of dy and x that are worked on at once; the sums stream past them.
constexpr long strip_block = 5 << 18;

/// A strip in the output: 16 columns from x, rows from y.
struct Strip {
  int image, y, x;  // image −1: none
};

using Chunk = std::array<Strip, 2>;

struct StripPlan {
  int rows, across, down;  // of a strip; strips side by side, and above each other, in an image
  int strips, chunks, in_block, blocks;
  bool is_whole;                           // channels fill tiles; else a tile holds the numbers of a window's row
  int channels, columns;                   // of the right side: those of the image, or a window's row and one column
  int channel_blocks, outputs, out_tiles;  // up to 32 channels each; outputs up to whole tiles
  int row_groups, column_groups;           // rows (columns) of the image that are as far from a multiple of the stride
  int more_rows, lines;                    // rows of a group beyond a strip's; lines of one row's tile of x
  long x_row, x_tile, x_column, x_size;    // floats of a chunk's row, tile of channels, group of columns; of a block
  long dy_strip, dy_size;                  // floats of a chunk of 16 outputs; of a block
  int window;
  long sum_step, sums_size, row_size;

  long x_chunk() const { return x_column * column_groups * row_groups; }
  long dy_chunk() const { return dy_strip * out_tiles; }
  int tiles_from(int channel) const { return std::min((channels - channel + side - 1) / side, 2); }

  Strip strip(int number) const {
    if (number >= strips) return {-1, 0, 0};
    return {number / (across * down), number / across % down * rows, number % across * side};
  }
  Chunk chunk(int number) const { return {strip(2 * number), strip(2 * number + 1)}; }
};

inline StripPlan strip_plan(const ConvolutionShape &s) {
  StripPlan plan = {};
  constexpr int most_rows = 64;
  plan.down = (s.out_height() + most_rows - 1) / most_rows;
  plan.rows = (s.out_height() + plan.down - 1) / plan.down;
  plan.across = (s.out_width() + side - 1) / side;
  plan.strips = s.images * plan.across * plan.down;
  plan.chunks = (plan.strips + 1) / 2;
  plan.is_whole = s.inputs % side == 0;
  plan.channels = plan.is_whole ? s.inputs : s.kernel_width * s.inputs;
  plan.columns = plan.is_whole ? s.kernel_width : 1;
  plan.channel_blocks = (plan.channels + 2 * side - 1) / (2 * side);
  plan.outputs = whole_groups(s.outputs);
  plan.out_tiles = plan.outputs / side;
  plan.row_groups = std::min(s.stride, s.kernel_height);
  plan.column_groups = std::min(s.stride, plan.columns);
  plan.more_rows = (s.kernel_height - 1) / s.stride;
  plan.lines = side + (plan.columns - 1) / s.stride;
  plan.x_row = long(plan.lines) * side;
  plan.x_tile = plan.x_row * (plan.rows + plan.more_rows);
  plan.x_column = plan.x_tile * 2;
  plan.dy_strip = plan.rows * tile_words;
  plan.in_block = int(std::clamp<long>(strip_block / 4 / (plan.x_chunk() + plan.dy_chunk()), 1, plan.chunks));
  plan.blocks = (plan.chunks + plan.in_block - 1) / plan.in_block;
  plan.in_block = (plan.chunks + plan.blocks - 1) / plan.blocks;
  plan.x_size = plan.x_chunk() * plan.in_block;
  plan.dy_size = plan.dy_chunk() * plan.in_block;
  plan.window = plan.is_whole ? s.kernel_width * s.inputs : whole_groups(plan.channels);
  plan.sum_step = plan.window + side;
  plan.sums_size = long(s.kernel_height) * plan.outputs * plan.sum_step;
  plan.row_size = (long(side - 1) * s.stride * s.inputs + plan.channel_blocks * 2 * side) / 2 + side;
  return plan;
}

/// Whether strips are filled well enough.
inline bool fills_strips(const ConvolutionShape &s) {
  const long across = whole_groups(s.out_width());
  return across * 4 <= s.out_width() * 5L;
}

/// A row of dy of a chunk → for each 16 outputs a tile [16 outputs, 16 pairs of pixels].
inline void transpose_row(const ConvolutionShape &s, const StripPlan &plan, const bf16 *dy, const Chunk &chunk, int row,
                          float *into) {
  const bf16 *from[2];
  int count[2];
  for (int half = 0; half < 2; half++) {
    const Strip &strip = chunk[half];
    const int y = strip.y + row;
    const bool is_there = strip.image >= 0 && y < s.out_height();
    count[half] = is_there ? std::min(s.out_width() - strip.x, side) : 0;
    from[half] = is_there ? dy + ((long(strip.image) * s.out_height() + y) * s.out_width() + strip.x) * s.outputs : dy;
  }
  const long below = long(s.out_width()) * s.outputs;  // the next row, asked for ahead: it is far away
  for (int k = 0; k < plan.outputs; k += 2 * side) {
    const auto some = static_cast<__mmask32>((1ull << std::min(s.outputs - k, 2 * side)) - 1);
    V pixels[2][side];
    for (int half = 0; half < 2; half++) {
#pragma clang loop unroll(full)
      for (int i = 0; i < side; i++)
        pixels[half][i] = _mm512_castsi512_ps(
            i < count[half] ? _mm512_maskz_loadu_epi16(some, from[half] + long(i) * s.outputs + k) : _mm512_setzero_si512());
      for (int i = 0; i < count[half]; i++) __builtin_prefetch(from[half] + below + long(i) * s.outputs + k);
      transpose(pixels[half]);  // now two outputs of 16 pixels each
    }
    constexpr __mmask32 upper = 0xaaaaaaaa;
    for (int tile = 0; tile < 2 && k + tile * side < plan.outputs; tile++) {
      float *to = into + (k / side + tile) * plan.dy_strip;
#pragma clang loop unroll(full)
      for (int i = 0; i < side / 2; i++, to += 2 * side) {
        const int both = tile * side / 2 + i;
        const __m512i low = _mm512_castps_si512(pixels[0][both]), high = _mm512_castps_si512(pixels[1][both]);
        _mm512_storeu_si512(to, _mm512_mask_blend_epi16(upper, low, _mm512_slli_epi32(high, 16)));
        _mm512_storeu_si512(to + side, _mm512_mask_blend_epi16(upper, _mm512_srli_epi32(low, 16), high));
      }
    }
  }
}

/// Where the numbers of a strip's row stand in an image, from a channel on.
struct StripRow {
  const bf16 *row;       // null: zeros
  int first, size, inputs;
  Margin margin;

  /// Those of a column counted from where the first pixel's window begins.
  const bf16 *operator()(int column, const bf16 *zeros) const {
    int x = first + column;
    if (static_cast<unsigned>(x) >= static_cast<unsigned>(size)) x = inside(x, size, margin);
    return row == nullptr || x < 0 ? zeros : row + long(x) * inputs;
  }
};

/// A chunk's rows of x, 32 channels of them → [row groups, column groups, tiles of channels, rows, lines, 16 channels].
inline void pair_strips(const MatrixShape &s, const StripPlan &plan, const bf16 *x, const Chunk &chunk, int channel,
                        bf16 *taken, float *into) {
  alignas(64) static const bf16 zeros[2 * side] = {};
  const int tiles = plan.tiles_from(channel);
  const long below = long(s.stride) * s.width * s.inputs;  // the group's next row, asked for ahead: it is far away
  for (int group = 0; group < plan.row_groups; group++)
    for (int index = 0; index < plan.rows + plan.more_rows; index++) {
      StripRow rows[2];
      bf16 *own[2] = {taken, taken + plan.row_size * 2};
      for (int half = 0; half < 2; half++) {
        const Strip &strip = chunk[half];
        const int y = strip.image < 0 ? -1 : inside((strip.y + index) * s.stride + group - s.padding, s.height, s.margin);
        const bool is_there = strip.image >= 0 && y >= 0;
        const bf16 *const row = is_there ? x + (long(strip.image) * s.height + y) * s.width * s.inputs : nullptr;
        rows[half] = {row, strip.x * s.stride - s.padding, s.width, s.inputs, s.margin};
        if (plan.is_whole) continue;
        const int columns = (side - 1) * s.stride + s.kernel_width;
        for (int column = 0; column < columns; column++) {
          const bf16 *const pixel = rows[half](column, zeros);
          bf16 *const to = own[half] + long(column) * s.inputs;
          if (pixel == zeros) {
            __builtin_memset(to, 0, size_t(s.inputs) * sizeof(bf16));
          } else {
            __builtin_memcpy(to, pixel, size_t(s.inputs) * sizeof(bf16));
          }
        }
        __builtin_memset(own[half] + long(columns) * s.inputs, 0, size_t(2 * side) * sizeof(bf16));
      }
      for (int column = 0; column < plan.column_groups; column++) {
        float *to = into + (group * plan.column_groups + column) * plan.x_column + index * plan.x_row;
        for (int i = 0; i < plan.lines; i++, to += side) {
          const int at = column + i * s.stride;
          const bf16 *pair[2];
          for (int half = 0; half < 2; half++) {
            const bf16 *const pixel = plan.is_whole ? rows[half](at, zeros) : own[half] + long(at) * s.inputs;
            pair[half] = pixel == zeros ? zeros : pixel + channel;
            if (plan.is_whole) __builtin_prefetch(pair[half] + below);
          }
          for (int tile = 0; tile < tiles; tile++)
            store(to + tile * plan.x_tile, pixel_words(pair[0] + tile * side, pair[1] + tile * side, side));
        }
      }
    }
}

/// Sums of a visit: tiles for up to three rows of the kernel and two of outputs.
struct StripSums {
  float *at;          // [kernel rows …][16 outputs …][sum_step]
  long row, tile, step;  // floats from row to row of the kernel, from tile to tile of outputs, from output to output

  float *of(int r, int m) const { return at + r * row + m * tile; }
};

/// Asks ahead for the sums of the next visit, one line at a time.
struct Ahead {
  const StripSums *sums;
  int rows, tiles, next = 0;

  void one() {
    if (sums == nullptr || next >= rows * tiles * side) return;
    __builtin_prefetch(sums->of(next / side % rows, next / side / rows) + next % side * sums->step, 1);
    next++;
  }
};

#define LOAD_SUM(tile, r, m) \
  if (is_first) {               \
    _tile_zero(tile);           \
  } else {                      \
    _tile_loadd(tile, sums.of(r, m), sums.step * 4); \
  }
#define STORE_SUM(tile, r, m) _tile_stored(tile, sums.of(r, m), sums.step * 4)

/// What one visit reads: chunks of dy [rows, tile] and x [rows + more, lines].
struct StripSource {
  const float *dy, *x;
  long dy_chunk, x_chunk, x_row, dy_tile;  // floats
  int chunks, rows;
};

/// Three rows of the kernel: each tile of x meets three of dy, each of which is loaded once.
inline void roll_three(const StripSource &source, const StripSums &sums, bool is_first, Ahead ahead) {
  LOAD_SUM(0, 0, 0) LOAD_SUM(1, 1, 0) LOAD_SUM(2, 2, 0)
  for (int chunk = 0; chunk < source.chunks; chunk++) {
    const float *dy = source.dy + chunk * source.dy_chunk, *x = source.x + chunk * source.x_chunk;
    const int rows = source.rows;
#define STEP(TILE, NEW, BEFORE, FIRST)                       \
    if (r == rows + 2) break;                                \
    _tile_loadd(TILE, x, 64);                                \
    x += source.x_row;                                       \
    if (r < rows) {                                          \
      _tile_loadd(NEW, dy, 64);                              \
      dy += tile_words;                                      \
      _tile_dpbf16ps(0, NEW, TILE);                          \
    }                                                        \
    if (r >= 1 && r <= rows) _tile_dpbf16ps(1, BEFORE, TILE); \
    if (r >= 2) _tile_dpbf16ps(2, FIRST, TILE);              \
    ahead.one();                                             \
    r++;
    for (int r = 0;;) {
      STEP(6, 3, 5, 4)
      STEP(7, 4, 3, 5)
      STEP(6, 5, 4, 3)
    }
#undef STEP
  }
  STORE_SUM(0, 0, 0); STORE_SUM(1, 1, 0); STORE_SUM(2, 2, 0);
}

/// Two rows of the kernel, for M tiles of outputs.
template <int M>
inline void roll_two(const StripSource &source, const StripSums &sums, bool is_first, Ahead ahead) {
  LOAD_SUM(0, 0, 0) LOAD_SUM(1, 1, 0)
  if constexpr (M > 1) { LOAD_SUM(2, 0, 1) LOAD_SUM(3, 1, 1) }
  for (int chunk = 0; chunk < source.chunks; chunk++) {
    const float *dy = source.dy + chunk * source.dy_chunk, *x = source.x + chunk * source.x_chunk;
    _tile_loadd(6, x, 64);
#define STEP(NEW, BEFORE)                                     \
    if (r == source.rows) break;                              \
    x += source.x_row;                                        \
    _tile_loadd(4, dy, 64);                                   \
    _tile_dpbf16ps(0, 4, BEFORE);                             \
    _tile_loadd(NEW, x, 64);                                  \
    _tile_dpbf16ps(1, 4, NEW);                                \
    if constexpr (M > 1) {                                    \
      _tile_loadd(5, dy + source.dy_tile, 64);                \
      _tile_dpbf16ps(2, 5, BEFORE);                           \
      _tile_dpbf16ps(3, 5, NEW);                              \
    }                                                         \
    dy += tile_words;                                         \
    ahead.one();                                              \
    r++;
    for (int r = 0;;) {
      STEP(7, 6)
      STEP(6, 7)
    }
#undef STEP
  }
  STORE_SUM(0, 0, 0); STORE_SUM(1, 1, 0);
  if constexpr (M > 1) { STORE_SUM(2, 0, 1); STORE_SUM(3, 1, 1); }
}

/// One row of the kernel, for M tiles of outputs.
template <int M>
inline void roll_one(const StripSource &source, const StripSums &sums, bool is_first, Ahead ahead) {
  LOAD_SUM(0, 0, 0)
  if constexpr (M > 1) { LOAD_SUM(1, 0, 1) }
  if constexpr (M > 2) { LOAD_SUM(2, 0, 2) }
  if constexpr (M > 3) { LOAD_SUM(3, 0, 3) }
  for (int chunk = 0; chunk < source.chunks; chunk++) {
    const float *dy = source.dy + chunk * source.dy_chunk, *x = source.x + chunk * source.x_chunk;
    for (int r = 0; r < source.rows; r++, x += source.x_row, dy += tile_words) {
      _tile_loadd(6, x, 64);
      _tile_loadd(4, dy, 64);
      _tile_dpbf16ps(0, 4, 6);
      if constexpr (M > 1) { _tile_loadd(5, dy + source.dy_tile, 64); _tile_dpbf16ps(1, 5, 6); }
      if constexpr (M > 2) { _tile_loadd(4, dy + 2 * source.dy_tile, 64); _tile_dpbf16ps(2, 4, 6); }
      if constexpr (M > 3) { _tile_loadd(5, dy + 3 * source.dy_tile, 64); _tile_dpbf16ps(3, 5, 6); }
      ahead.one();
    }
  }
  STORE_SUM(0, 0, 0);
  if constexpr (M > 1) STORE_SUM(1, 0, 1);
  if constexpr (M > 2) STORE_SUM(2, 0, 2);
  if constexpr (M > 3) STORE_SUM(3, 0, 3);
}

/// A thread's tiles of outputs × 32 channels, over the chunks of a block.
inline void add_strips(const ConvolutionShape &s, const StripPlan &plan, const float *dy, const float *x, int chunks,
                       int channel, int first_tile, int last_tile, bool is_first, float *sums) {
  const int tiles = plan.tiles_from(channel);
  const long kernel_row = plan.outputs * plan.sum_step, tile_step = side * plan.sum_step;
  for (int tile = 0; tile < tiles; tile++)
    for (int column = 0; column < plan.columns; column++)
      for (int group = 0; group < plan.row_groups; group++) {
        const int rows_of_kernel = (s.kernel_height - group + s.stride - 1) / s.stride;
        for (int done = 0, count; done < rows_of_kernel; done += count) {
          const int left = rows_of_kernel - done;
          count = left == 4 ? 2 : std::min(left, 3);
          const int together = count == 3 ? 1 : count == 2 ? 2 : 4;
          StripSource source = {nullptr, nullptr, plan.dy_chunk(), plan.x_chunk(), plan.x_row, plan.dy_strip, chunks, plan.rows};
          source.x = x + (group * plan.column_groups + column % s.stride) * plan.x_column + tile * plan.x_tile +
                     done * plan.x_row + column / s.stride * side;
          StripSums own = {nullptr, s.stride * kernel_row, tile_step, plan.sum_step}, next = own;
          const long at = (group + done * s.stride) * kernel_row + column * plan.channels + channel + tile * side;
          for (int m = first_tile, n; m < last_tile; m += n) {
            n = std::min(last_tile - m, together);
            own.at = sums + at + m * tile_step;
            source.dy = dy + m * plan.dy_strip;
            next.at = own.at + n * tile_step;
            const bool is_last = m + n >= last_tile;
            const Ahead ahead = {is_first || is_last ? nullptr : &next, count, std::min(last_tile - m - n, together)};
            if (count == 3) {
              roll_three(source, own, is_first, ahead);
            } else if (count == 2) {
              n > 1 ? roll_two<2>(source, own, is_first, ahead) : roll_two<1>(source, own, is_first, ahead);
            } else if (n > 2) {
              n > 3 ? roll_one<4>(source, own, is_first, ahead) : roll_one<3>(source, own, is_first, ahead);
            } else {
              n > 1 ? roll_one<2>(source, own, is_first, ahead) : roll_one<1>(source, own, is_first, ahead);
            }
          }
        }
      }
}

#undef LOAD_SUM
#undef STORE_SUM

/// The gradient of the weights. Shapes: x [N, H, W, C], dy [N, Ho, Wo, K] → dw float [K, C, kh, kw], overwritten.
inline void strip_weight_gradient(const MatrixShape &s, const bf16 *x, const bf16 *dy, float *dw, int threads,
                                  Scratch &memory) {
  const StripPlan plan = strip_plan(s);
  float *left = memory.floats(plan.dy_size), *sums = memory.floats(plan.sums_size);
  float *own = memory.floats((plan.x_size + 2 * plan.row_size) * threads);
  const bool by_outputs = plan.channel_blocks % threads != 0;  // each thread has some of them, elsewhere of the channels
  auto body = [&](int thread, int count) {
    float *right = own + (plan.x_size + 2 * plan.row_size) * thread;
    bf16 *taken = reinterpret_cast<bf16 *>(right + plan.x_size);
    const int begin = by_outputs ? 0 : share(plan.channel_blocks, thread, count);
    const int end = by_outputs ? plan.channel_blocks : share(plan.channel_blocks, thread + 1, count);
    const int first_tile = by_outputs ? share(plan.out_tiles, thread, count) : 0;
    const int last_tile = by_outputs ? share(plan.out_tiles, thread + 1, count) : plan.out_tiles;
    for (int block = 0; block < plan.blocks; block++) {
      const int first = block * plan.in_block, chunks = std::min(plan.chunks - first, plan.in_block);
      if (block > 0) GOMP_barrier();
      const long rows = long(chunks) * plan.rows;
      for (long i = share(rows, thread, count); i < share(rows, thread + 1, count); i++) {
        const int chunk = int(i / plan.rows), row = int(i % plan.rows);
        transpose_row(s, plan, dy, plan.chunk(first + chunk), row, left + chunk * plan.dy_chunk() + row * tile_words);
      }
      GOMP_barrier();
      const TileUse use;
      for (int i = begin; i < end; i++) {
        const int channel = i * 2 * side;
        for (int chunk = 0; chunk < chunks; chunk++)
          pair_strips(s, plan, x, plan.chunk(first + chunk), channel, taken, right + chunk * plan.x_chunk());
        add_strips(s, plan, left, right, chunks, channel, first_tile, last_tile, block == 0, sums);
      }
    }
    GOMP_barrier();
    unpack_matrix_sums(s, plan.outputs, plan.sum_step, sums, dw, thread, count);
  };
  on_all_threads(threads, body);
}
