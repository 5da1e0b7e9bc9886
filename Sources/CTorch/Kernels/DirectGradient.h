// Direct convolution: the gradient of its weights, as outer products over pixels kept in registers over a band of rows.
//
// No include guard; Direct.h stands before this. Every thread owns some sums [left × right] and goes over all pixels for
// them, so that nothing needs adding up at the end and the result does not depend on the number of threads. Left is a
// run of a window's row (kernel column, input), right a panel of outputs; with few outputs the two change places.
// In bfloat16 a word holds two neighbouring pixels of a row.

struct GradientPlan {
  bool is_thin, needs_copy;
  int panel_width, panels, run, words, blocks, band_rows, bands, columns;
  long run_size, x_row, x_size, dy_size, sums_size, row_size;  // in floats
};

/// Vectors of a window's row that a thin block takes at once.
constexpr int thin_vectors = 8;

template <class T>
inline GradientPlan gradient_plan(const ConvolutionShape &s) {
  using E = Packed<T>;
  GradientPlan plan = {};
  plan.is_thin = s.outputs <= thin_outputs;
  plan.panel_width = plan.is_thin ? s.outputs : s.outputs > width ? 2 * width : width;
  plan.panels = (s.outputs + plan.panel_width - 1) / plan.panel_width;
  plan.run = s.kernel_width * s.inputs;
  const int block = plan.is_thin ? thin_vectors * width : tile_pixels;
  plan.blocks = (plan.run + block - 1) / block;
  plan.run_size = static_cast<long>(plan.blocks) * block;
  plan.words = (s.out_width() + per_word<E> - 1) / per_word<E>;
  plan.columns = (plan.words * per_word<E> - 1) * s.stride + s.kernel_width;
  plan.needs_copy = s.padding > 0 || per_word<E> > 1 || sizeof(T) != sizeof(E);
  plan.x_row = static_cast<long>(plan.needs_copy ? plan.columns : s.width) * s.inputs;
  long rows = 65536 / (plan.x_row * s.stride);
  const long enough = (256 + plan.words - 1) / plan.words;
  if (rows > enough) rows = enough;
  if (rows < 1) rows = 1;
  if (rows > s.out_height()) rows = s.out_height();
  plan.band_rows = static_cast<int>(rows);
  plan.bands = (s.out_height() + plan.band_rows - 1) / plan.band_rows;
  const long copied = (rows - 1) * s.stride + s.kernel_height;
  plan.row_size = (static_cast<long>(plan.columns + s.stride) * s.inputs + 3 * width - 1) / width * width;
  plan.x_size = plan.needs_copy ? (copied * plan.x_row + 2 * width - 1) / width * width : 0;
  plan.dy_size = (rows * plan.words * plan.panels * plan.panel_width + width - 1) / width * width;
  plan.sums_size = plan.run_size * plan.panels * plan.panel_width * s.kernel_height;
  return plan;
}

inline V pixel_words(const float *p, const float *, int n) { return load(p, n, n == width); }
#if PATINA_BF16
/// Words of the numbers at p and, in their upper halves, those at next; null stands for zeros.
inline V pixel_words(const bf16 *p, const bf16 *next, int n) {
  const __mmask16 some = first(n);
  const __m512i low = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(some, p));
  if (next == nullptr) return _mm512_castsi512_ps(low);
  const __m512i high = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(some, next));
  return _mm512_castsi512_ps(_mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
}
#else
inline V pixel_words(const bf16 *p, const bf16 *, int n) { return load(p, n, n == width); }
#endif

/// x of a band → [rows, columns, inputs] words: each pixel, paired in bfloat16 with the one that the next output reads.
template <class T>
inline void pack_source(const ConvolutionShape &s, const GradientPlan &plan, const T *image, int first, int rows,
                        float *row, float *into) {
  using E = Packed<T>;
  const Rectangle part = {first * s.stride - s.padding, -s.padding, rows, plan.columns};
  if constexpr (per_word<E> == 1) {
    copy_rectangle(image, s.height, s.width, s.inputs, part, into);
  } else {
    E *line = reinterpret_cast<E *>(row);
    for (int y = 0; y < rows; y++, into += plan.x_row) {
      copy_rectangle(image, s.height, s.width, s.inputs, {part.y + y, part.x, 1, part.columns + s.stride}, line);
      for (long i = 0; i < plan.x_row; i += width) {
        const int n = plan.x_row - i < width ? static_cast<int>(plan.x_row - i) : width;
        store(into + i, pixel_words(line + i, line + i + static_cast<long>(s.stride) * s.inputs, n), n);
      }
    }
  }
}

/// dy of a band → [panels begin … end, rows, words, panel_width] words, zeros after the last output and pixel.
template <class T>
inline void pack_outputs(const ConvolutionShape &s, const GradientPlan &plan, const T *dy, int rows, int begin, int end,
                         float *into) {
  constexpr int pixels = per_word<Packed<T>>;
  const long row_size = static_cast<long>(s.out_width()) * s.outputs;
  for (int panel = begin; panel < end; panel++) {
    float *out = into + static_cast<long>(panel) * plan.band_rows * plan.words * plan.panel_width;
    for (int y = 0; y < rows; y++)
      for (int i = 0; i < plan.words; i++, out += plan.panel_width) {
        const T *p = dy + y * row_size + static_cast<long>(i) * pixels * s.outputs + panel * plan.panel_width;
        const T *next = i * pixels + 1 < s.out_width() ? p + s.outputs : nullptr;
        for (int n = 0; n < plan.panel_width; n += width) {
          const int lanes = s.outputs - panel * plan.panel_width - n;
          const V v = lanes <= 0 ? zero() : pixel_words(p + n, next == nullptr ? nullptr : next + n, lanes < width ? lanes : width);
          if (plan.is_thin)
            store(out + n, v, s.outputs);
          else
            store(out + n, v);
        }
      }
  }
}

/// Adds a band to one block of a thin convolution: K outputs × up to thin_vectors vectors of a window's row.
template <int K, class E, int N = thin_vectors>
inline void thin_block(int vectors, const Products &products, const float *dy, const float *x, float *sums, long run_size,
                       bool is_first) {
  constexpr int M = K * N > (PATINA_VECTOR == 512 ? 24 : 12) ? N / 2 : N;
  if constexpr (M < N) {
    thin_block<K, E, M>(vectors, products, dy, x, sums, run_size, is_first);
  } else if (vectors >= N) {
    outer<K, N, E>(products, dy, x, sums, run_size, is_first);
    if (vectors > N)
      thin_block<K, E, N>(vectors - N, products, dy, x + N * width, sums + N * width, run_size, is_first);
  } else if constexpr (N > 1) {
    if (vectors > 0) thin_block<K, E, N / 2>(vectors, products, dy, x, sums, run_size, is_first);
  }
}

/// A thread's sums over all bands. sums: [panels, kh, run_size, panel_width], or [kh, outputs, run_size] if thin.
template <class T>
inline void sum_products(const ConvolutionShape &s, const GradientPlan &plan, const T *x, const T *dy, float *sums,
                         float *row, int thread, int threads) {
  using E = Packed<T>;
  float *packed_x = row + plan.row_size, *packed_dy = packed_x + plan.x_size;
  const long units = static_cast<long>(plan.panels) * s.kernel_height * plan.blocks;
  const long begin = share(units, thread, threads), end = share(units, thread + 1, threads);
  if (begin == end) return;
  const long per_panel = static_cast<long>(s.kernel_height) * plan.blocks;
  for (long band = 0; band < static_cast<long>(s.images) * plan.bands; band++) {
    const int first = static_cast<int>(band % plan.bands) * plan.band_rows;
    const int rows = s.out_height() - first < plan.band_rows ? s.out_height() - first : plan.band_rows;
    const T *image = x + band / plan.bands * s.height * s.width * s.inputs;
    const float *source = packed_x;
    if (plan.needs_copy)
      pack_source(s, plan, image, first, (rows - 1) * s.stride + s.kernel_height, row, packed_x);
    else
      source = reinterpret_cast<const float *>(image) + static_cast<long>(first) * s.stride * plan.x_row;
    const T *out = dy + (band / plan.bands * s.out_height() + first) * s.out_width() * s.outputs;
    pack_outputs(s, plan, out, rows, static_cast<int>(begin / per_panel), static_cast<int>((end - 1) / per_panel + 1),
                 packed_dy);
    const long x_step = static_cast<long>(s.stride) * per_word<E> * s.inputs, dy_row = plan.words * plan.panel_width;
    for (long unit = begin; unit < end; unit++) {
      const int block = static_cast<int>(unit % plan.blocks), y = static_cast<int>(unit / plan.blocks % s.kernel_height);
      const long panel = unit / per_panel;
      const float *rows_of_x = source + y * plan.x_row;
      const float *rows_of_dy = packed_dy + panel * plan.band_rows * dy_row;
      if (plan.is_thin) {
        const Products products = {rows, plan.words, dy_row, s.outputs, s.stride * plan.x_row, x_step};
        const long from = static_cast<long>(block) * thin_vectors * width;
        const long left = plan.run - from;
        const int vectors = left >= thin_vectors * width ? thin_vectors : static_cast<int>((left + width - 1) / width);
        float *into = sums + y * s.outputs * plan.run_size + from;
        const float *p = rows_of_x + from;
        if (s.outputs == 1) thin_block<1, E>(vectors, products, rows_of_dy, p, into, plan.run_size, band == 0);
        if (s.outputs == 2) thin_block<2, E>(vectors, products, rows_of_dy, p, into, plan.run_size, band == 0);
        if (s.outputs == 3) thin_block<3, E>(vectors, products, rows_of_dy, p, into, plan.run_size, band == 0);
        if (s.outputs == 4) thin_block<4, E>(vectors, products, rows_of_dy, p, into, plan.run_size, band == 0);
        continue;
      }
      const Products products = {rows, plan.words, s.stride * plan.x_row, x_step, dy_row, plan.panel_width};
      const int from = block * tile_pixels;
      const int count = plan.run - from < tile_pixels ? plan.run - from : tile_pixels;
      float *into = sums + ((panel * s.kernel_height + y) * plan.run_size + from) * plan.panel_width;
      if (plan.panel_width == width)
        outer_of<1, E>(count, products, rows_of_x + from, rows_of_dy, into, band == 0);
      else
        outer_of<2, E>(count, products, rows_of_x + from, rows_of_dy, into, band == 0);
    }
  }
}

/// A thread's part of the sums' way into [outputs, inputs, kh, kw].
inline void unpack_sums(const ConvolutionShape &s, const GradientPlan &plan, const float *sums, float *dw, int thread,
                        int threads) {
  const int taps = s.taps(), size = s.inputs * taps;
  if (plan.is_thin) {
    if (thread > 0) return;
    for (int k = 0; k < s.outputs; k++)
      for (int y = 0; y < s.kernel_height; y++)
        for (int i = 0; i < plan.run; i++)
          dw[((static_cast<long>(k) * s.inputs + i % s.inputs) * s.kernel_height + y) * s.kernel_width + i / s.inputs] =
              sums[(static_cast<long>(y) * s.outputs + k) * plan.run_size + i];
    return;
  }
  const long vectors = (s.outputs + width - 1) / width, blocks = (size + width - 1) / width;
  for (long i = share(vectors * blocks, thread, threads); i < share(vectors * blocks, thread + 1, threads); i++) {
    const int first = static_cast<int>(i / blocks) * width, e = static_cast<int>(i % blocks) * width;
    const float *panel =
        sums + static_cast<long>(first / plan.panel_width) * s.kernel_height * plan.run_size * plan.panel_width +
        first % plan.panel_width;
    scatter_runs(dw + static_cast<long>(first) * size + e, size, s.outputs - first < width ? s.outputs - first : width,
                 size - e < width ? size - e : width, [&](int lane) {
                   const int c = (e + lane) / taps, t = (e + lane) % taps;
                   const long place = t / s.kernel_width * plan.run_size + t % s.kernel_width * s.inputs + c;
                   return panel + place * plan.panel_width;
                 });
  }
}

/// Scratch, in floats, for direct_weight_gradient.
inline size_t direct_gradient_scratch(const ConvolutionShape &s, int threads) {
  size_t most = 0;
  for (const GradientPlan &plan : {gradient_plan<float>(s), gradient_plan<bf16>(s)}) {
    const size_t size = static_cast<size_t>(plan.sums_size + (plan.row_size + plan.x_size + plan.dy_size) * threads);
    if (size > most) most = size;
  }
  return most + 2 * width;
}

/// The gradient of the weights. Shapes: x [N, H, W, C], dy [N, Ho, Wo, K] → dw float [K, C, kh, kw], overwritten.
template <class T>
void direct_weight_gradient(const ConvolutionShape &s, const T *x, const T *dy, float *dw, float *scratch, int threads) {
  const GradientPlan plan = gradient_plan<T>(s);
  auto body = [&](int thread, int count) {
    float *own = scratch + plan.sums_size + thread * (plan.row_size + plan.x_size + plan.dy_size);
    sum_products(s, plan, x, dy, scratch, own, thread, count);
    GOMP_barrier();
    unpack_sums(s, plan, scratch, dw, thread, count);
  };
  on_all_threads(threads, body);
}
