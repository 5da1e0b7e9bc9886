// Direct convolution: weights and rows of images in the order in which the tiles read them.
//
// No include guard; DirectTile.h stands before this.

template <int Half, int... Lanes>
inline void exchange(V &low, V &high, std::integer_sequence<int, Lanes...>) {
  const V a = low, b = high;
  low = __builtin_shufflevector(a, b, ((Lanes & Half) != 0 ? width + Lanes - Half : Lanes)...);
  high = __builtin_shufflevector(a, b, ((Lanes & Half) != 0 ? width + Lanes : Lanes + Half)...);
}

template <int Half = 1>
inline void transpose(V (&rows)[width]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++)
    if ((i & Half) == 0) exchange<Half>(rows[i], rows[i + Half], std::make_integer_sequence<int, width>());
  if constexpr (Half * 2 < width) transpose<Half * 2>(rows);
}

/// Reads `lanes` runs of `count` ≤ width floats, `step` apart, and writes the i-th of each run together at into(i).
template <class Into>
inline void gather_runs(const float *from, long step, int lanes, int count, Into &&into) {
  V rows[width];
#pragma clang loop unroll(full)
  for (int lane = 0; lane < width; lane++)
    rows[lane] = lane >= lanes ? zero() : load(from + lane * step, count, count == width);
  transpose(rows);
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++)
    if (i < count) store(into(i), rows[i]);
}

/// The way back: the i-th float of each of `lanes` runs stands together at from(i).
template <class From>
inline void scatter_runs(float *into, long step, int lanes, int count, From &&from) {
  V rows[width];
#pragma clang loop unroll(full)
  for (int i = 0; i < width; i++) rows[i] = i < count ? load(from(i)) : zero();
  transpose(rows);
#pragma clang loop unroll(full)
  for (int lane = 0; lane < width; lane++) {
    if (lane < lanes && count == width)
      store(into + lane * step, rows[lane]);
    else if (lane < lanes)
      store(into + lane * step, rows[lane], count);
  }
}

#if PATINA_BF16
/// Words of two bfloat16 numbers, of `low` in the lower half and of `high` in the upper.
inline V paired(V low, V high) {
  const __m512i upper = _mm512_slli_epi32(_mm512_cvtepu16_epi32(rounded(high)), 16);
  return _mm512_castsi512_ps(_mm512_or_si512(_mm512_cvtepu16_epi32(rounded(low)), upper));
}
#endif

/// Makes [rows, elements, lanes] floats [rows, ⌈elements / 2⌉, lanes] pairs of bfloat16, in place.
template <class E>
inline void pair_elements(float *panel, int rows, int elements, int lanes) {
#if PATINA_BF16
  if constexpr (sizeof(E) == 2) {
    float *into = panel;
    for (int row = 0; row < rows; row++, panel += static_cast<long>(elements) * lanes)
      for (int i = 0; i < elements; i += 2)
        for (int n = 0; n < lanes; n += width, into += width) {
          const float *from = panel + static_cast<long>(i) * lanes + n;
          const V low = load(from), high = i + 1 < elements ? load(from + lanes) : zero();
          store(into, paired(low, high));
        }
  }
#endif
}

/// Copies `count` elements of an image, converted where the packed form is another.
inline void copy_elements(const float *from, float *into, long count) {
  __builtin_memcpy(into, from, static_cast<size_t>(count) * sizeof(float));
}
inline void copy_elements(const bf16 *from, bf16 *into, long count) {
  __builtin_memcpy(into, from, static_cast<size_t>(count) * sizeof(bf16));
}
inline void copy_elements(const bf16 *from, float *into, long count) {
  long i = 0;
  for (; i + width <= count; i += width) store(into + i, load(from + i));
  if (i < count) store(into + i, load(from + i, static_cast<int>(count - i)), static_cast<int>(count - i));
}

/// A rectangle of an image [height, width, channels] that may reach beyond its edges.
struct Rectangle {
  int y, x, rows, columns;
};

/// Shapes: image [height, image_width, channels] → into [rows, columns, channels], zeros beyond the edges.
template <class T, class E>
inline void copy_rectangle(const T *image, int height, int image_width, int channels, const Rectangle &part, E *into) {
  const long row_size = static_cast<long>(part.columns) * channels;
  const int begin = part.x < 0 ? (part.x + part.columns < 0 ? part.columns : -part.x) : 0;
  int end = image_width - part.x;
  if (end > part.columns) end = part.columns;
  for (int row = 0; row < part.rows; row++, into += row_size) {
    const int y = part.y + row;
    if (y < 0 || y >= height || begin >= end) {
      __builtin_memset(into, 0, static_cast<size_t>(row_size) * sizeof(E));
      continue;
    }
    const T *from = image + (static_cast<long>(y) * image_width + part.x + begin) * channels;
    __builtin_memset(into, 0, static_cast<size_t>(begin) * channels * sizeof(E));
    copy_elements(from, into + static_cast<long>(begin) * channels, static_cast<long>(end - begin) * channels);
    __builtin_memset(into + static_cast<long>(end) * channels, 0,
                     static_cast<size_t>(part.columns - end) * channels * sizeof(E));
  }
}
