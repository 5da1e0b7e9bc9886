// Direct convolution, the innermost loops: sums kept in registers over a whole window of the image.
//
// No include guard, like Vector.h, which stands before this. Everything is read in words of 32 bits: one float, or two
// bfloat16 numbers whose products with two others go into one float sum.

/// What images are packed as: bfloat16 where the processor multiplies it, float elsewhere.
template <class T>
struct PackedAs {
  using Type = float;
};
#if PATINA_BF16
template <>
struct PackedAs<bf16> {
  using Type = bf16;
};
#endif
template <class T>
using Packed = typename PackedAs<T>::Type;

template <class E>
constexpr int per_word = static_cast<int>(sizeof(float) / sizeof(E));

inline V broadcast(const float *p) { return all(*p); }
inline V words(const float *p) { return load(p); }
inline V words(const float *p, int elements) { return load(p, elements); }
#if PATINA_BF16
inline V broadcast(const bf16 *p) {
  int word;
  __builtin_memcpy(&word, p, sizeof word);
  return _mm512_castsi512_ps(_mm512_set1_epi32(word));
}
inline V words(const bf16 *p) { return _mm512_castsi512_ps(_mm512_loadu_si512(p)); }
inline V words(const bf16 *p, int elements) {
  return _mm512_castsi512_ps(_mm512_maskz_loadu_epi16(static_cast<__mmask32>((1ull << elements) - 1), p));
}
#endif

/// c + a · b for words of E.
template <class E>
inline V multiply_add(V a, V b, V c) {
#if PATINA_BF16
  if constexpr (sizeof(E) == 2) return _mm512_dpbf16_ps(c, (__m512bh)a, (__m512bh)b);
#endif
  return fma(a, b, c);
}

/// Pixels that one tile sums at once: with two vectors of outputs each, as many as the registers hold.
constexpr int tile_pixels = PATINA_VECTOR == 512 ? 12 : 6;

/// The part of the packed image that one output sums over: rows of so many elements, contiguous within a row.
struct Window {
  int rows, elements;
  long row_step;
};

/// R pixels × N vectors of outputs: y[r][k] = bias[k] + Σ window(r) · panel[·][k].
///
/// Shapes: panel [rows, ⌈elements / per_word⌉, N · width] words; `outputs` ≤ N · width of them are written.
template <int R, int N, class E, class T>
void tile(const E *const *source, T *const *target, const Window &window, const float *panel, const float *bias,
          int outputs) {
  V sums[R][N];
#pragma clang loop unroll(full)
  for (int n = 0; n < N; n++) {
    const int lanes = outputs - n * width;
    const V first = bias == nullptr || lanes <= 0 ? zero() : load(bias + n * width, lanes, lanes >= width);
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) sums[r][n] = first;
  }
  const int count = (window.elements + per_word<E> - 1) / per_word<E>;
  for (int row = 0; row < window.rows; row++) {
    const E *pixel[R];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) pixel[r] = source[r] + row * window.row_step;
#pragma clang loop unroll_count(2)
    for (int i = 0; i < count; i++, panel += N * width) {
      V weights[N];
#pragma clang loop unroll(full)
      for (int n = 0; n < N; n++) weights[n] = load(panel + n * width);
#pragma clang loop unroll(full)
      for (int r = 0; r < R; r++) {
        const V x = broadcast(pixel[r] + static_cast<long>(i) * per_word<E>);
#pragma clang loop unroll(full)
        for (int n = 0; n < N; n++) sums[r][n] = multiply_add<E>(x, weights[n], sums[r][n]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int n = 0; n < N; n++) {
    const int lanes = outputs - n * width;
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
      if (lanes >= width)
        store(target[r] + n * width, sums[r][n]);
      else if (lanes > 0)
        store(target[r] + n * width, sums[r][n], lanes);
    }
  }
}

/// The tile for `pixels` ≤ tile_pixels, rounded up to an even number: `source` and `target` repeat the last pixel.
template <int N, class E, class T, int R = tile_pixels>
void tile_of(int pixels, const E *const *source, T *const *target, const Window &window, const float *panel,
             const float *bias, int outputs) {
  if constexpr (R > 2) {
    if (pixels <= R - 2) return tile_of<N, E, T, R - 2>(pixels, source, target, window, panel, bias, outputs);
  }
  tile<R, N>(source, target, window, panel, bias, outputs);
}

/// Convolutions with at most this many outputs put the window, not the outputs, along the lanes.
constexpr int thin_outputs = 4;

template <int K>
constexpr int thin_pixels = K == 1 ? (PATINA_VECTOR == 512 ? 12 : 8) : (PATINA_VECTOR == 512 ? 24 : 10) / K;

/// R pixels × K outputs, summed along the lanes at the end. Shapes: panel [rows, K, elements, up to whole vectors].
template <int K, class E, class T>
void thin_tile(int pixels, const E *const *source, T *const *target, const Window &window, const float *panel,
               const float *bias) {
  constexpr int R = thin_pixels<K>;
  constexpr int lanes = width * per_word<E>;
  V sums[R][K];
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++)
#pragma clang loop unroll(full)
    for (int k = 0; k < K; k++) sums[r][k] = zero();
  const int vectors = (window.elements + lanes - 1) / lanes;
  for (int row = 0; row < window.rows; row++, panel += static_cast<long>(K) * vectors * width) {
    const E *pixel[R];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) pixel[r] = source[r] + row * window.row_step;
    const auto step = [&](int i, auto read) __attribute__((always_inline)) {
      V weights[K];
#pragma clang loop unroll(full)
      for (int k = 0; k < K; k++) weights[k] = load(panel + (static_cast<long>(k) * vectors + i) * width);
#pragma clang loop unroll(full)
      for (int r = 0; r < R; r++) {
        const V x = read(pixel[r] + static_cast<long>(i) * lanes);
#pragma clang loop unroll(full)
        for (int k = 0; k < K; k++) sums[r][k] = multiply_add<E>(x, weights[k], sums[r][k]);
      }
    };
    const int whole = window.elements / lanes;
    for (int i = 0; i < whole; i++) step(i, [](const E *p) { return words(p); });
    if (whole < vectors) step(whole, [&](const E *p) { return words(p, window.elements - whole * lanes); });
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++)
#pragma clang loop unroll(full)
    for (int k = 0; k < K; k++)
      if (r < pixels) store(target[r] + k, all(sum(sums[r][k]) + (bias == nullptr ? 0 : bias[k])), 1);
}

/// `pixels` outer products, R broadcast words of a × N vectors of b, added to sums[r][n] ([R, N · width] floats, rows
/// `sum_step` apart), or written there if they are the first. Rows of pixels: `a_step` and `b_step` from one to the next.
struct Products {
  int rows, pixels;
  long a_row, a_step, b_row, b_step;
};
template <int R, int N, class E>
void outer(const Products &products, const float *a, const float *b, float *into, long sum_step, bool is_first) {
  V sums[R][N];
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++)
#pragma clang loop unroll(full)
    for (int n = 0; n < N; n++) sums[r][n] = is_first ? zero() : load(into + r * sum_step + n * width);
  for (int row = 0; row < products.rows; row++) {
    const float *p = a + row * products.a_row, *q = b + row * products.b_row;
    for (int i = 0; i < products.pixels; i++, p += products.a_step, q += products.b_step) {
      V right[N];
#pragma clang loop unroll(full)
      for (int n = 0; n < N; n++) right[n] = load(q + n * width);
#pragma clang loop unroll(full)
      for (int r = 0; r < R; r++) {
        const V left = all(p[r]);
#pragma clang loop unroll(full)
        for (int n = 0; n < N; n++) sums[r][n] = multiply_add<E>(left, right[n], sums[r][n]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < R; r++)
#pragma clang loop unroll(full)
    for (int n = 0; n < N; n++) store(into + r * sum_step + n * width, sums[r][n]);
}

/// The outer product for `left` ≤ tile_pixels words of a, rounded up to an even number.
template <int N, class E, int R = tile_pixels>
void outer_of(int left, const Products &products, const float *a, const float *b, float *into, bool is_first) {
  if constexpr (R > 2) {
    if (left <= R - 2) return outer_of<N, E, R - 2>(left, products, a, b, into, is_first);
  }
  outer<R, N, E>(products, a, b, into, N * width, is_first);
}
