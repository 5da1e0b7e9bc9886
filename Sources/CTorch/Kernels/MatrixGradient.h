// Convolution on the matrix unit: the gradient of its weights, a product of images over pixels.
//
// No include guard; MatrixPacking.h stands before this. For each tap the gradient is xᵀ · dy, summed over pixels, with x
// moved by the tap. x is written transposed, one run of pixels for each channel, with its margin; with a stride, each of
// the stride² phases of its pixels has runs of its own. In such a run every tap is the same numbers, some places on: the
// tiles read them from there. dy has zeros where x's rows have their margin.

struct MatrixGradientPlan {
  int across;      // places from one row to the next
  int more_rows;   // rows of x beyond those of dy
  int phases;      // along each axis
  int channels;    // inputs, up to whole tiles
  int panel_width, panels, band_rows, bands;
  long run, x_size, pairs, dy_size, sums_size;  // run: numbers of one channel; pairs: of one panel; sizes in floats
};

inline MatrixGradientPlan matrix_gradient_plan(const ConvolutionShape &s) {
  MatrixGradientPlan plan = {};
  plan.phases = std::min(s.stride, std::max(s.kernel_height, s.kernel_width));
  plan.more_rows = (s.kernel_height - 1) / s.stride;
  plan.across = s.out_width() + (s.kernel_width - 1) / s.stride;
  plan.channels = (s.inputs + side - 1) / side * side;
  plan.panel_width = s.outputs > side ? 2 * side : side;
  plan.panels = (s.outputs + plan.panel_width - 1) / plan.panel_width;
  // Bands whose numbers of both images fit in the second-level cache.
  const long places = (1 << 20) / (long(plan.channels) * plan.phases * plan.phases + plan.panels * plan.panel_width);
  plan.band_rows = int(std::clamp<long>(places / plan.across, 1, s.out_height()));
  plan.bands = (s.out_height() + plan.band_rows - 1) / plan.band_rows;
  plan.pairs = whole_tiles(plan.band_rows * plan.across) / 2;
  // Room for the last tap of the last tile, and for a last vector that reaches past a row.
  const long last = 2 * plan.pairs + long(plan.more_rows) * plan.across + (s.kernel_width - 1) / s.stride + side;
  // An odd number of cache lines: runs of several channels then do not meet in the same sets.
  plan.run = ((last + tile_elements - 1) / tile_elements | 1) * tile_elements;
  plan.x_size = long(plan.phases) * plan.phases * plan.channels * plan.run / 2;
  plan.dy_size = plan.panels * plan.pairs * plan.panel_width;
  plan.sums_size = long(plan.panels) * s.taps() * plan.channels * plan.panel_width;
  return plan;
}

/// x of a band → [phases, phases, channels, run]. A task is 32 channels of one phase.
inline void transpose_pixels(const MatrixShape &s, const MatrixGradientPlan &plan, const bf16 *image, int first, int rows,
                             bf16 *into, int thread, int threads) {
  const int blocks = (plan.channels + 2 * side - 1) / (2 * side), tasks = plan.phases * plan.phases * blocks;
  for (int task = share(tasks, thread, threads); task < share(tasks, thread + 1, threads); task++) {
    const int c = task % blocks * 2 * side, phase = task / blocks;
    const int there = std::clamp(s.inputs - c, 0, 2 * side), runs = std::min(plan.channels - c, 2 * side);
    const auto some = static_cast<__mmask32>((1ull << there) - 1);
    bf16 *const own = into + (long(phase) * plan.channels + c) * plan.run;
    for (int row = 0; row < rows; row++) {
      const int y = s.place((first + row) * s.stride + phase / plan.phases - s.padding, s.height);
      for (int i = 0; i < plan.across; i += side) {
        V pixels[side];
        for (int r = 0; r < side; r++) {
          const int x = s.place((i + r) * s.stride + phase % plan.phases - s.padding, s.width);
          const bf16 *from = image + (long(y) * s.width + x) * s.inputs + c;
          pixels[r] = y < 0 || x < 0 ? zero() : _mm512_castsi512_ps(_mm512_maskz_loadu_epi16(some, from));
        }
        transpose(pixels);  // now two channels of 16 pixels each
        bf16 *to = own + long(row) * plan.across + i;
        for (int r = 0; r < runs; r += 2, to += 2 * plan.run) {
          const __m512i both = _mm512_castps_si512(pixels[r / 2]);
          _mm256_storeu_si256(reinterpret_cast<__m256i *>(to), _mm512_cvtepi32_epi16(both));
          _mm256_storeu_si256(reinterpret_cast<__m256i *>(to + plan.run),
                              _mm512_cvtepi32_epi16(_mm512_srli_epi32(both, 16)));
        }
      }
    }
    const long end = std::min(long(rows) * plan.across, plan.run);
    for (int r = 0; r < runs; r++) __builtin_memset(own + r * plan.run + end, 0, size_t(plan.run - end) * sizeof(bf16));
  }
}

/// dy of a band → [panels, pairs, panel_width] pairs of neighbouring places.
inline void pair_pixels(const MatrixShape &s, const MatrixGradientPlan &plan, const bf16 *dy, int rows, float *into,
                        int thread, int threads) {
  const long pairs = whole_tiles(rows * plan.across) / 2, tasks = plan.panels * pairs;
  for (long task = share(tasks, thread, threads); task < share(tasks, thread + 1, threads); task++) {
    const int panel = int(task / pairs);
    const long pair = task % pairs;
    const bf16 *pixels[2];
    for (int i = 0; i < 2; i++) {
      const long y = (2 * pair + i) / plan.across, x = (2 * pair + i) % plan.across;
      pixels[i] = y < rows && x < s.out_width() ? dy + (y * s.out_width() + x) * s.outputs + panel * plan.panel_width : nullptr;
    }
    float *to = into + (panel * plan.pairs + pair) * plan.panel_width;
    for (int n = 0; n < plan.panel_width; n += side) {
      const __mmask16 some = first(std::clamp(s.outputs - panel * plan.panel_width - n, 0, side));
      __m512i halves[2];
      for (int i = 0; i < 2; i++)
        halves[i] = pixels[i] == nullptr ? _mm512_setzero_si512()
                                         : _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(some, pixels[i] + n));
      _mm512_storeu_si512(to + n, _mm512_or_si512(halves[0], _mm512_slli_epi32(halves[1], 16)));
    }
  }
}

/// Pairs of places after which the next tap has its turn, so that what all taps read stays in the first-level cache.
constexpr long chunk_pairs = 128;

/// A thread's sums [panels, taps, channels, panel_width] over a band.
inline void add_band(const ConvolutionShape &s, const MatrixGradientPlan &plan, const bf16 *x, const float *dy, int rows,
                     bool is_first, float *sums, int thread, int threads) {
  const int taps = s.taps(), blocks = (plan.channels + 2 * side - 1) / (2 * side), outputs = plan.panel_width / side;
  const long units = long(plan.panels) * blocks * taps, pairs = whole_tiles(rows * plan.across) / 2;
  const long begin = share(units, thread, threads), end = share(units, thread + 1, threads);
  const TileUse use;
  for (long unit = begin, next; unit < end; unit = next) {
    next = std::min(end, (unit / taps + 1) * taps);
    const int block = int(unit / taps % blocks), channel = block * 2 * side;
    const long panel = unit / taps / blocks;
    for (long from = 0; from < pairs; from += chunk_pairs) {
      const long to = std::min(pairs, from + chunk_pairs);
      for (long tap = unit % taps, last = tap + next - unit; tap < last; tap++) {
        const int ky = int(tap) / s.kernel_width, kx = int(tap) % s.kernel_width;
        const long phase = ky % s.stride * plan.phases + kx % s.stride;
        const bf16 *runs = x + (phase * plan.channels + channel) * plan.run + long(ky / s.stride) * plan.across + kx / s.stride;
        float *own = sums + ((panel * taps + tap) * plan.channels + channel) * plan.panel_width;
        with_tiles((plan.channels - channel) / side, outputs, [&](auto left, auto right) {
          if (is_first && from == 0) {
            clear_sums<left, right>();
          } else {
            load_sums<left, right>(own, plan.panel_width);
          }
          const bf16 *tiles[2] = {runs + 2 * from, runs + side * plan.run + 2 * from};
          const float *pair = dy + (panel * plan.pairs + from) * plan.panel_width;
          for (long i = from; i < to; i += side) {
            add_products<left, right>(tiles, plan.run * 2, pair, plan.panel_width * 4);
            tiles[0] += tile_elements, tiles[1] += tile_elements, pair += side * plan.panel_width;
          }
          store_sums<left, right>(own, plan.panel_width);
        });
      }
    }
  }
}

/// A thread's part of the sums' way into [outputs, inputs, kh, kw].
inline void unpack_matrix_sums(const ConvolutionShape &s, const MatrixGradientPlan &plan, const float *sums, float *dw,
                               int thread, int threads) {
  const int taps = s.taps(), size = s.inputs * taps;
  const long vectors = (s.outputs + side - 1) / side, blocks = (size + side - 1) / side;
  for (long i = share(vectors * blocks, thread, threads); i < share(vectors * blocks, thread + 1, threads); i++) {
    const int k = int(i / blocks) * side, e = int(i % blocks) * side;
    const float *panel = sums + long(k / plan.panel_width) * taps * plan.channels * plan.panel_width + k % plan.panel_width;
    scatter_runs(dw + long(k) * size + e, size, std::min(s.outputs - k, side), std::min(size - e, side), [&](int lane) {
      return panel + (long((e + lane) % taps) * plan.channels + (e + lane) / taps) * plan.panel_width;
    });
  }
}

/// The gradient of the weights. Shapes: x [N, H, W, C], dy [N, Ho, Wo, K] → dw float [K, C, kh, kw], overwritten.
inline void matrix_weight_gradient(const MatrixShape &s, const bf16 *x, const bf16 *dy, float *dw, int threads,
                                   Scratch &memory) {
  const MatrixGradientPlan plan = matrix_gradient_plan(s);
  bf16 *runs = reinterpret_cast<bf16 *>(memory.floats(plan.x_size));
  float *pairs = memory.floats(plan.dy_size), *sums = memory.floats(plan.sums_size);
  auto body = [&](int thread, int count) {
    for (long band = 0; band < long(s.images) * plan.bands; band++) {
      const long image = band / plan.bands;
      const int first = int(band % plan.bands) * plan.band_rows, rows = std::min(s.out_height() - first, plan.band_rows);
      if (band > 0) GOMP_barrier();
      transpose_pixels(s, plan, x + image * s.height * s.width * s.inputs, first, rows + plan.more_rows, runs, thread, count);
      pair_pixels(s, plan, dy + (image * s.out_height() + first) * s.out_width() * s.outputs, rows, pairs, thread, count);
      GOMP_barrier();
      add_band(s, plan, runs, pairs, rows, band == 0, sums, thread, count);
    }
    GOMP_barrier();
    unpack_matrix_sums(s, plan, sums, dw, thread, count);
  };
  on_all_threads(threads, body);
}
