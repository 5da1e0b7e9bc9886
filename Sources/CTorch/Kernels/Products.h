// Matrix products over blocks of 32 channels, with everything that is added up kept in registers. No include guard, as
// Vector.h.

#if PATINA_VECTOR == 512
constexpr int tile_rows = 12;   // 24 sums, 2 weights, 1 input: 27 of 32 registers
constexpr int outer_rows = 8;
#else
constexpr int tile_rows = 6;    // 12 sums, 2 weights, 1 input: 15 of 16 registers
constexpr int outer_rows = 4;
#endif

/// `rows` rows of [rows, blocks · 32] × [blocks · 32, 32]. Blocks of the rows stand `apart` floats from each other.
template <int rows>
inline void multiply_rows(const float *a, long apart, const float *panel, float *out, int blocks) {
  for (int half = 0; half < block; half += 2 * width) {
    V sums[rows][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = zero();
    const float *b = panel + half;
    for (int k = 0; k < blocks; k++) {
      const float *in = a + k * apart;
      for (int c = 0; c < block; c++, b += block) {
        const V b0 = load(b), b1 = load(b + width);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
          const V x = all(in[r * block + c]);
          sums[r][0] = fma(x, b0, sums[r][0]);
          sums[r][1] = fma(x, b1, sums[r][1]);
        }
      }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      store(out + r * block + half, sums[r][0]);
      store(out + r * block + half + width, sums[r][1]);
    }
  }
}

template <int rows>
inline void multiply_some(int count, const float *a, long apart, const float *panel, float *out, int blocks) {
  if constexpr (rows > 0) {
    if (count == rows) return multiply_rows<rows>(a, apart, panel, out, blocks);
    multiply_some<rows - 1>(count, a, apart, panel, out, blocks);
  }
}

/// a [block][tiles][32] × panel [channel][32] → out [tiles][32].
inline void multiply(const float *a, const float *panel, float *out, long tiles, int blocks) {
  // Runs of nearly equal length, so that no short one is left over.
  const long runs = (tiles + tile_rows - 1) / tile_rows;
  for (long run = 0; run < runs; run++) {
    const long from = tiles * run / runs, to = tiles * (run + 1) / runs;
    multiply_some<tile_rows>(to - from, a + from * block, tiles * block, panel, out + from * block, blocks);
  }
}

/// Σ over tiles of a[tile][c] · b[tile][k] for outer_rows channels c from `a` and all 32 k of a block; the sums, times
/// factors[0 … 2], are added to out[0 … 2], which stand `apart` from each other: out[f][c][k]. What is `fresh` there is set.
inline void add_outer(const float *a, const float *b, long tiles, const float *factors, const bool *fresh, float *out,
                      long apart) {
  for (int half = 0; half < block; half += 2 * width) {
    V sums[outer_rows][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < outer_rows; r++) sums[r][0] = sums[r][1] = zero();
    const float *x = a, *y = b + half;
    for (long t = 0; t < tiles; t++, x += block, y += block) {
      const V y0 = load(y), y1 = load(y + width);
#pragma clang loop unroll(full)
      for (int r = 0; r < outer_rows; r++) {
        const V c = all(x[r]);
        sums[r][0] = fma(c, y0, sums[r][0]);
        sums[r][1] = fma(c, y1, sums[r][1]);
      }
    }
    for (int f = 0; f < 3; f++) {
      if (factors[f] == 0) continue;
      const V factor = all(factors[f]);
      float *o = out + f * apart + half;
#pragma clang loop unroll(full)
      for (int r = 0; r < outer_rows; r++, o += block) {
        store(o, fresh[f] ? sums[r][0] * factor : fma(sums[r][0], factor, load(o)));
        store(o + width, fresh[f] ? sums[r][1] * factor : fma(sums[r][1], factor, load(o + width)));
      }
    }
  }
}
