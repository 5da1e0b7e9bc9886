// One vector of floats, for the instruction set that the including file is compiled for.
//
// No include guard: each Kernels*.cpp includes this inside a namespace and a target attribute of its own, after defining
// PATINA_VECTOR (512 or 256) and PATINA_BF16 (whether the processor rounds to bfloat16 by itself).

#if PATINA_VECTOR == 512
using V = __m512;
constexpr int width = 16;

inline V zero() { return _mm512_setzero_ps(); }
inline V all(float x) { return _mm512_set1_ps(x); }
inline V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
inline V larger(V a, V b) { return _mm512_max_ps(a, b); }
inline V root(V a) { return _mm512_sqrt_ps(a); }
inline V positive(V x, V a, V b) { return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, zero(), _CMP_GT_OQ), b, a); }
inline float sum(V a) { return _mm512_reduce_add_ps(a); }
inline __mmask16 first(int n) { return static_cast<__mmask16>((1u << n) - 1); }

inline V load(const float *p) { return _mm512_loadu_ps(p); }
inline V load(const float *p, int n) { return _mm512_maskz_loadu_ps(first(n), p); }
inline void store(float *p, V v) { _mm512_storeu_ps(p, v); }
inline void store(float *p, V v, int n) { _mm512_mask_storeu_ps(p, first(n), v); }

inline V widened(__m256i bits) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16)); }
inline V load(const bf16 *p) { return widened(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(p))); }
inline V load(const bf16 *p, int n) { return widened(_mm256_maskz_loadu_epi16(first(n), p)); }
/// To the nearest, ties to even, as libtorch rounds.
inline __m256i rounded(V v) {
#if PATINA_BF16
  return (__m256i)_mm512_cvtneps_pbh(v);
#else
  const __m512i bits = _mm512_castps_si512(v);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i near = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
  const __m512i nan = _mm512_set1_epi32(0x7fc00000);
  return _mm512_cvtepi32_epi16(
      _mm512_srli_epi32(_mm512_mask_mov_epi32(near, _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q), nan), 16));
#endif
}
inline void store(bf16 *p, V v) { _mm256_storeu_si256(reinterpret_cast<__m256i *>(p), rounded(v)); }
inline void store(bf16 *p, V v, int n) { _mm256_mask_storeu_epi16(p, first(n), rounded(v)); }

/// p[0], p[step], p[2 · step], …; the first n of them, 0 for the rest.
inline V gather(const float *p, int step, int n = width) {
  const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  return _mm512_mask_i32gather_ps(zero(), first(n), _mm512_mullo_epi32(lanes, _mm512_set1_epi32(step)), p, 4);
}
inline void scatter(float *p, int step, V v, int n = width) {
  const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  _mm512_mask_i32scatter_ps(p, first(n), _mm512_mullo_epi32(lanes, _mm512_set1_epi32(step)), v, 4);
}

#else
using V = __m256;
constexpr int width = 8;

inline V zero() { return _mm256_setzero_ps(); }
inline V all(float x) { return _mm256_set1_ps(x); }
inline V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
inline V larger(V a, V b) { return _mm256_max_ps(a, b); }
inline V root(V a) { return _mm256_sqrt_ps(a); }
inline V positive(V x, V a, V b) { return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, zero(), _CMP_GT_OQ)); }
inline float sum(V a) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
inline __m256i first(int n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}

inline V load(const float *p) { return _mm256_loadu_ps(p); }
inline V load(const float *p, int n) { return _mm256_maskload_ps(p, first(n)); }
inline void store(float *p, V v) { _mm256_storeu_ps(p, v); }
inline void store(float *p, V v, int n) { _mm256_maskstore_ps(p, first(n), v); }

inline V widened(__m128i bits) { return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16)); }
inline V load(const bf16 *p) { return widened(_mm_loadu_si128(reinterpret_cast<const __m128i *>(p))); }
inline V load(const bf16 *p, int n) {
  alignas(16) bf16 some[8] = {};
  for (int i = 0; i < n; i++) some[i] = p[i];
  return widened(_mm_load_si128(reinterpret_cast<const __m128i *>(some)));
}
inline __m128i rounded(V v) {
  const __m256i bits = _mm256_castps_si256(v);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i near = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
  const __m256i nan = _mm256_set1_epi32(0x7fc00000);
  const __m256i safe = _mm256_castps_si256(
      _mm256_blendv_ps(_mm256_castsi256_ps(near), _mm256_castsi256_ps(nan), _mm256_cmp_ps(v, v, _CMP_UNORD_Q)));
  const __m256i high = _mm256_srli_epi32(safe, 16);
  return _mm_packus_epi32(_mm256_castsi256_si128(high), _mm256_extracti128_si256(high, 1));
}
inline void store(bf16 *p, V v) { _mm_storeu_si128(reinterpret_cast<__m128i *>(p), rounded(v)); }
inline void store(bf16 *p, V v, int n) {
  alignas(16) bf16 some[8];
  _mm_store_si128(reinterpret_cast<__m128i *>(some), rounded(v));
  for (int i = 0; i < n; i++) p[i] = some[i];
}

inline V gather(const float *p, int step, int n = width) {
  const __m256i lanes = _mm256_mullo_epi32(_mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0), _mm256_set1_epi32(step));
  return _mm256_mask_i32gather_ps(zero(), p, lanes, _mm256_castsi256_ps(first(n)), 4);
}
inline void scatter(float *p, int step, V v, int n = width) {
  alignas(32) float some[8];
  _mm256_store_ps(some, v);
  for (int i = 0; i < n; i++) p[static_cast<long>(i) * step] = some[i];
}
#endif

inline V load(const float *p, int n, bool whole) { return whole ? load(p) : load(p, n); }
inline V load(const bf16 *p, int n, bool whole) { return whole ? load(p) : load(p, n); }

/// Rows become columns: v holds `width` vectors.
inline void transpose(V *v) {
#if PATINA_VECTOR == 512
  V t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
  }
  const auto low = [](V a, V b) {
    return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
  };
  const auto high = [](V a, V b) {
    return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
  };
  for (int i = 0; i < 16; i += 4) {  // quarter q of v[i + j] is now column 4q + j of rows i … i + 3
    v[i] = low(t[i], t[i + 2]);
    v[i + 1] = high(t[i], t[i + 2]);
    v[i + 2] = low(t[i + 1], t[i + 3]);
    v[i + 3] = high(t[i + 1], t[i + 3]);
  }
  for (int j = 0; j < 4; j++) {
    t[j] = _mm512_shuffle_f32x4(v[j], v[4 + j], 0x88);
    t[4 + j] = _mm512_shuffle_f32x4(v[8 + j], v[12 + j], 0x88);
    t[8 + j] = _mm512_shuffle_f32x4(v[j], v[4 + j], 0xdd);
    t[12 + j] = _mm512_shuffle_f32x4(v[8 + j], v[12 + j], 0xdd);
  }
  for (int j = 0; j < 4; j++) {
    v[j] = _mm512_shuffle_f32x4(t[j], t[4 + j], 0x88);
    v[4 + j] = _mm512_shuffle_f32x4(t[8 + j], t[12 + j], 0x88);
    v[8 + j] = _mm512_shuffle_f32x4(t[j], t[4 + j], 0xdd);
    v[12 + j] = _mm512_shuffle_f32x4(t[8 + j], t[12 + j], 0xdd);
  }
#else
  V t[8];
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
    t[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {  // half h of v[i + j] is now column 4h + j of rows i … i + 3
    v[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
    v[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
    v[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
    v[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
  }
  for (int j = 0; j < 4; j++) {
    t[j] = _mm256_permute2f128_ps(v[j], v[4 + j], 0x20);
    t[4 + j] = _mm256_permute2f128_ps(v[j], v[4 + j], 0x31);
  }
  for (int j = 0; j < 8; j++) v[j] = t[j];
#endif
}
