// Convolution on the matrix unit: the gradient of its weights, a product of images over pixels, where rows are too narrow for
// strips.
//
// No include guard; MatrixGradientStrips.h stands before this. For each row of the kernel it is dyᵀ · windows, summed
// over pixels: on the left outputs × pixels, so dy is written transposed; on the right pixels × a window's row
// (kernel column, input), in pairs of neighbouring pixels. A row of the image is packed once; every row of the kernel reads
// it from there. With a stride, rows of the image stand in stride groups, so that rows of pixels follow each other in each.

struct MatrixGradientPlan {
  int across;                // pixels of a row, an even number
  int window, panels;        // numbers of a window's row, up to whole panels of 32, or one of 16
  int panel_width, outputs;  // outputs up to whole tiles
  int groups, more_rows;     // of the image's rows: beyond those of dy in a group
  int band_rows, bands;
  int columns;               // of the image that a row of pixels reads
  long run, pairs;           // numbers of one output, pairs of pixels of one group and panel
  long dy_size, x_size, sum_step, sums_size, row_size;  // in floats

  long group_size() const { return pairs * window; }
};

inline MatrixGradientPlan matrix_gradient_plan(const ConvolutionShape &s) {
  MatrixGradientPlan plan = {};
  const int elements = s.kernel_width * s.inputs;
  plan.across = (s.out_width() + 1) / 2 * 2;
  plan.panel_width = elements > side ? 2 * side : side;
  plan.panels = (elements + plan.panel_width - 1) / plan.panel_width;
  plan.window = plan.panels * plan.panel_width;
  plan.outputs = whole_groups(s.outputs);
  plan.groups = std::min(s.stride, s.kernel_height);
  plan.more_rows = (s.kernel_height - 1) / s.stride;
  plan.columns = (plan.across - 1) * s.stride + s.kernel_width;
  // Bands whose numbers fit in the second-level cache.
  const long rows = (3 << 18) / (long(plan.across) * (plan.outputs + long(plan.groups) * plan.window));
  plan.band_rows = int(std::clamp<long>(rows, 1, s.out_height()));
  plan.bands = (s.out_height() + plan.band_rows - 1) / plan.band_rows;
  // An odd number of cache lines: runs of several outputs then do not meet in the same sets.
  plan.run = (whole_tiles(plan.band_rows * plan.across + side) / tile_elements | 1) * tile_elements;
  plan.pairs = (plan.band_rows + plan.more_rows) * long(plan.across / 2) + side;
  plan.dy_size = plan.outputs * plan.run / 2;
  plan.x_size = plan.groups * plan.group_size();
  plan.sum_step = plan.window + side;
  plan.sums_size = s.kernel_height * plan.outputs * plan.sum_step;
  plan.row_size = (long(plan.columns) * s.inputs + plan.window) / 2 + side;
  return plan;
}

/// dy of a band → [outputs, run]. A task is 32 outputs.
inline void transpose_outputs(const ConvolutionShape &s, const MatrixGradientPlan &plan, const bf16 *dy, int rows, bf16 *into,
                              int thread, int threads) {
  const int tasks = (plan.outputs + 2 * side - 1) / (2 * side);
  for (int task = share(tasks, thread, threads); task < share(tasks, thread + 1, threads); task++) {
    const int k = task * 2 * side, runs = std::min(plan.outputs - k, 2 * side);
    const auto some = static_cast<__mmask32>((1ull << std::clamp(s.outputs - k, 0, 2 * side)) - 1);
    bf16 *const own = into + k * plan.run;
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < s.out_width(); x += side) {
        V pixels[side];
        for (int i = 0; i < side; i++) {
          const bf16 *from = dy + (long(y) * s.out_width() + x + i) * s.outputs + k;
          pixels[i] = x + i < s.out_width() ? _mm512_castsi512_ps(_mm512_maskz_loadu_epi16(some, from)) : zero();
        }
        transpose(pixels);  // now two outputs of 16 pixels each
        bf16 *to = own + long(y) * plan.across + x;
        for (int i = 0; i < runs; i += 2, to += 2 * plan.run) {
          const __m512i both = _mm512_castps_si512(pixels[i / 2]);
          _mm256_storeu_si256(reinterpret_cast<__m256i *>(to), _mm512_cvtepi32_epi16(both));
          _mm256_storeu_si256(reinterpret_cast<__m256i *>(to + plan.run),
                              _mm512_cvtepi32_epi16(_mm512_srli_epi32(both, 16)));
        }
      }
    // A row of an odd number of pixels ends in a zero: the vector that wrote its last ones reached further.
    const long end = long(rows) * plan.across;
    for (int i = 0; i < runs; i++) __builtin_memset(own + i * plan.run + end, 0, size_t(plan.run - end) * sizeof(bf16));
  }
}

/// Rows of the image that a band reads → [groups, panels, pairs, panel_width] pairs. A task is one row.
inline void pair_windows(const MatrixShape &s, const MatrixGradientPlan &plan, const bf16 *image, int first, int rows,
                         bf16 *row, float *into, int thread, int threads) {
  const int in_group = rows + plan.more_rows, tasks = plan.groups * in_group, pairs = plan.across / 2;
  const long size = long(plan.columns) * s.inputs, step = long(s.stride) * s.inputs;
  for (int task = share(tasks, thread, threads); task < share(tasks, thread + 1, threads); task++) {
    const int group = task / in_group, index = task % in_group;
    const int y = (first + index) * s.stride + group - s.padding;
    copy_with_margin(s, image, s.height, s.width, s.inputs, {y, -s.padding, 1, plan.columns}, row);
    __builtin_memset(row + size, 0, size_t(plan.window) * sizeof(bf16));  // what a last panel reads beyond the last window
    float *own = into + group * plan.group_size() + long(index) * pairs * plan.panel_width;
    for (int panel = 0; panel < plan.panels; panel++, own += plan.pairs * plan.panel_width) {
      const bf16 *from = row + panel * plan.panel_width;
      float *to = own;
      for (int i = 0; i < pairs; i++, from += 2 * step)
        for (int e = 0; e < plan.panel_width; e += side, to += side) store(to, pixel_words(from + e, from + step + e, side));
      if (index == in_group - 1) __builtin_memset(to, 0, size_t(side) * plan.panel_width * sizeof(float));
    }
  }
}

/// Pairs of pixels after which the kernel's next row has its turn, so that what all of them read stays in the first-level
/// cache.
constexpr long chunk_pairs = 128;

/// A thread's sums [kernel rows, outputs, sum_step] over a band.
inline void add_band(const ConvolutionShape &s, const MatrixGradientPlan &plan, const bf16 *dy, const float *x, int rows,
                     bool is_first, float *sums, int thread, int threads) {
  const int blocks = (plan.outputs + 2 * side - 1) / (2 * side), kernel = s.kernel_height;
  const long units = long(blocks) * plan.panels * kernel, pairs = whole_tiles(rows * plan.across) / 2;
  const long begin = share(units, thread, threads), end = share(units, thread + 1, threads);
  const TileUse use;
  for (long unit = begin, next; unit < end; unit = next) {
    next = std::min(end, (unit / kernel + 1) * kernel);
    const int panel = int(unit / kernel % plan.panels), k = int(unit / kernel / plan.panels) * 2 * side;
    for (long from = 0; from < pairs; from += chunk_pairs) {
      const long to = std::min(pairs, from + chunk_pairs);
      for (int ky = int(unit % kernel), last = ky + int(next - unit); ky < last; ky++) {
        const float *right = x + ky % s.stride * plan.group_size() +
                             (panel * plan.pairs + ky / s.stride * long(plan.across / 2) + from) * plan.panel_width;
        float *own = sums + (long(ky) * plan.outputs + k) * plan.sum_step + panel * plan.panel_width;
        with_tiles((plan.outputs - k) / side, plan.panel_width / side, [&](auto m, auto n) {
          if (is_first && from == 0) {
            clear_sums<m, n>();
          } else {
            load_sums<m, n>(own, plan.sum_step);
          }
          const bf16 *left[2] = {dy + k * plan.run + 2 * from, dy + (k + side) * plan.run + 2 * from};
          for (long i = from; i < to; i += side) {
            add_products<m, n>(left, plan.run * 2, right, plan.panel_width * 4, side);
            left[0] += tile_elements, left[1] += tile_elements, right += side * plan.panel_width;
          }
          store_sums<m, n>(own, plan.sum_step);
        });
      }
    }
  }
}

/// With few outputs it is dy's windows that fill tiles: the same sums are the gradient of a convolution of dy whose output
/// is x, with the kernel turned round.
inline bool has_thin_gradient(const MatrixShape &s) {
  return s.outputs * 4 <= s.inputs && s.stride == 1 && !s.is_mirrored() && s.kernel_height == s.kernel_width &&
         s.padding < s.kernel_height;
}

/// The gradient of the weights. Shapes: x [N, H, W, C], dy [N, Ho, Wo, K] → dw float [K, C, kh, kw], overwritten.
inline void matrix_weight_gradient(const MatrixShape &s, const bf16 *x, const bf16 *dy, float *dw, int threads,
                                   Scratch &memory) {
  if (has_thin_gradient(s)) {
    const ConvolutionShape turned = {s.images,        s.out_height(),  s.out_width(), s.outputs, s.inputs,
                                     s.kernel_height, s.kernel_width, 1,             s.kernel_height - 1 - s.padding};
    float *sums = memory.floats(long(s.inputs) * s.outputs * s.taps());
    matrix_weight_gradient({turned, Margin::zeros}, dy, x, sums, threads, memory);
    for (int k = 0; k < s.outputs; k++)
      for (int c = 0; c < s.inputs; c++)
        for (int t = 0, taps = s.taps(); t < taps; t++)
          dw[(long(k) * s.inputs + c) * taps + t] = sums[(long(c) * s.outputs + k) * taps + taps - 1 - t];
    return;
  }
  if (fills_strips(s)) return strip_weight_gradient(s, x, dy, dw, threads, memory);
  const MatrixGradientPlan plan = matrix_gradient_plan(s);
  bf16 *left = reinterpret_cast<bf16 *>(memory.floats(plan.dy_size));
  float *right = memory.floats(plan.x_size), *sums = memory.floats(plan.sums_size);
  float *rows_of_x = memory.floats(plan.row_size * threads);
  auto body = [&](int thread, int count) {
    bf16 *row = reinterpret_cast<bf16 *>(rows_of_x + thread * plan.row_size);
    for (long band = 0; band < long(s.images) * plan.bands; band++) {
      const long image = band / plan.bands;
      const int first = int(band % plan.bands) * plan.band_rows, rows = std::min(s.out_height() - first, plan.band_rows);
      if (band > 0) GOMP_barrier();
      pair_windows(s, plan, x + image * s.height * s.width * s.inputs, first, rows, row, right, thread, count);
      transpose_outputs(s, plan, dy + (image * s.out_height() + first) * s.out_width() * s.outputs, rows, left, thread, count);
      GOMP_barrier();
      add_band(s, plan, left, right, rows, band == 0, sums, thread, count);
    }
    GOMP_barrier();
    unpack_matrix_sums(s, plan.outputs, plan.sum_step, sums, dw, thread, count);
  };
  on_all_threads(threads, body);
}
