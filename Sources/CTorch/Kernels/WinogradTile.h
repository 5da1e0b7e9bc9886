// The transforms of Winograd's F(m × m, 3 × 3) (Lavin and Gray, CVPR 2016), one dimension at a time, and their adjoints.
//
// A tile of m × m outputs needs n × n inputs with n = m + 2, and n² products instead of 9m². With the matrices A, B, G of
// the paper: y = Aᵀ[(G w Gᵀ) ∘ (Bᵀ x B)]A. `input` is Bᵀ, `output` is Aᵀ; the gradients need B (`input_adjoint`) and A
// (`output_adjoint`). v[0], v[s], … are read, out[0], out[t], … are written. No include guard, as Vector.h.

template <int m>
struct WinogradTile;

/// F(4 × 4, 3 × 3): 4 times fewer products. Points 0, ±1, ±2, ∞.
template <>
struct WinogradTile<4> {
  static constexpr int n = 6;
  static constexpr float G[6][3] = {{1.f / 4, 0, 0},
                                    {-1.f / 6, -1.f / 6, -1.f / 6},
                                    {-1.f / 6, 1.f / 6, -1.f / 6},
                                    {1.f / 24, 1.f / 12, 1.f / 6},
                                    {1.f / 24, -1.f / 12, 1.f / 6},
                                    {0, 0, 1}};
  static inline void input(const V *v, int s, V *out, int t) {
    const V a = v[0], b = v[s], c = v[2 * s], d = v[3 * s], e = v[4 * s], f = v[5 * s];
    out[0] = a * 4.f - c * 5.f + e;
    V even = e - c * 4.f, odd = d - b * 4.f;
    out[t] = even + odd;
    out[2 * t] = even - odd;
    even = e - c;
    odd = (d - b) * 2.f;
    out[3 * t] = even + odd;
    out[4 * t] = even - odd;
    out[5 * t] = b * 4.f - d * 5.f + f;
  }
  static inline void input_adjoint(const V *v, int s, V *out, int t) {
    const V a = v[0], f = v[5 * s];
    const V s1 = v[s] + v[2 * s], d1 = v[s] - v[2 * s], s2 = v[3 * s] + v[4 * s], d2 = v[3 * s] - v[4 * s];
    out[0] = a * 4.f;
    out[t] = f * 4.f - d1 * 4.f - d2 * 2.f;
    out[2 * t] = a * -5.f - s1 * 4.f - s2;
    out[3 * t] = d1 + d2 * 2.f - f * 5.f;
    out[4 * t] = a + s1 + s2;
    out[5 * t] = f;
  }
  static inline void output(const V *v, int s, V *out, int t) {
    const V s1 = v[s] + v[2 * s], d1 = v[s] - v[2 * s], s2 = v[3 * s] + v[4 * s], d2 = v[3 * s] - v[4 * s];
    out[0] = v[0] + s1 + s2;
    out[t] = d1 + d2 * 2.f;
    out[2 * t] = s1 + s2 * 4.f;
    out[3 * t] = d1 + d2 * 8.f + v[5 * s];
  }
  static inline void output_adjoint(const V *v, int s, V *out, int t) {
    const V a = v[0], b = v[s], c = v[2 * s], d = v[3 * s];
    const V e1 = a + c, o1 = b + d, e2 = a + c * 4.f, o2 = b * 2.f + d * 8.f;
    out[0] = a;
    out[t] = e1 + o1;
    out[2 * t] = e1 - o1;
    out[3 * t] = e2 + o2;
    out[4 * t] = e2 - o2;
    out[5 * t] = d;
  }
};

/// F(6 × 6, 3 × 3): 5.06 times fewer products. Points 0, ±1, ±2, ±½, ∞.
template <>
struct WinogradTile<6> {
  static constexpr int n = 8;
  static constexpr float G[8][3] = {{1, 0, 0},
                                    {-2.f / 9, -2.f / 9, -2.f / 9},
                                    {-2.f / 9, 2.f / 9, -2.f / 9},
                                    {1.f / 90, 1.f / 45, 2.f / 45},
                                    {1.f / 90, -1.f / 45, 2.f / 45},
                                    {32.f / 45, 16.f / 45, 8.f / 45},
                                    {32.f / 45, -16.f / 45, 8.f / 45},
                                    {0, 0, 1}};
  static inline void input(const V *v, int s, V *out, int t) {
    const V v1 = v[s], v2 = v[2 * s], v3 = v[3 * s], v4 = v[4 * s], v5 = v[5 * s], v6 = v[6 * s];
    out[0] = v[0] - v6 + (v4 - v2) * 5.25f;
    V even = v2 + v6 - v4 * 4.25f, odd = v1 + v5 - v3 * 4.25f;
    out[t] = even + odd;
    out[2 * t] = even - odd;
    even = v6 + v2 * .25f - v4 * 1.25f;
    odd = v1 * .5f - v3 * 2.5f + v5 * 2.f;
    out[3 * t] = even + odd;
    out[4 * t] = even - odd;
    even = v6 + v2 * 4.f - v4 * 5.f;
    odd = v1 * 2.f - v3 * 2.5f + v5 * .5f;
    out[5 * t] = even + odd;
    out[6 * t] = even - odd;
    out[7 * t] = v[7 * s] - v1 + (v3 - v5) * 5.25f;
  }
  static inline void input_adjoint(const V *v, int s, V *out, int t) {
    const V a = v[0], h = v[7 * s];
    const V s1 = v[s] + v[2 * s], d1 = v[s] - v[2 * s], s2 = v[3 * s] + v[4 * s], d2 = v[3 * s] - v[4 * s];
    const V s3 = v[5 * s] + v[6 * s], d3 = v[5 * s] - v[6 * s];
    out[0] = a;
    out[t] = d1 + d2 * .5f + d3 * 2.f - h;
    out[2 * t] = s1 + s2 * .25f + s3 * 4.f - a * 5.25f;
    out[3 * t] = (h * 5.25f - d1 * 4.25f) - (d2 + d3) * 2.5f;
    out[4 * t] = (a * 5.25f - s1 * 4.25f) - (s2 * 1.25f + s3 * 5.f);
    out[5 * t] = d1 + d2 * 2.f + d3 * .5f - h * 5.25f;
    out[6 * t] = s1 + s2 + s3 - a;
    out[7 * t] = h;
  }
  static inline void output(const V *v, int s, V *out, int t) {
    const V s1 = v[s] + v[2 * s], d1 = v[s] - v[2 * s], s2 = v[3 * s] + v[4 * s], d2 = v[3 * s] - v[4 * s];
    const V s3 = v[5 * s] + v[6 * s], d3 = v[5 * s] - v[6 * s];
    out[0] = v[0] + s1 + (s2 + s3);
    out[t] = d1 + d2 * 2.f + d3 * .5f;
    out[2 * t] = s1 + s2 * 4.f + s3 * .25f;
    out[3 * t] = d1 + d2 * 8.f + d3 * .125f;
    out[4 * t] = s1 + s2 * 16.f + s3 * .0625f;
    out[5 * t] = d1 + d2 * 32.f + d3 * .03125f + v[7 * s];
  }
  static inline void output_adjoint(const V *v, int s, V *out, int t) {
    const V a = v[0], b = v[s], c = v[2 * s], d = v[3 * s], e = v[4 * s], f = v[5 * s];
    out[0] = a;
    V even = a + c + e, odd = b + d + f;
    out[t] = even + odd;
    out[2 * t] = even - odd;
    even = a + c * 4.f + e * 16.f;
    odd = b * 2.f + d * 8.f + f * 32.f;
    out[3 * t] = even + odd;
    out[4 * t] = even - odd;
    even = a + c * .25f + e * .0625f;
    odd = b * .5f + d * .125f + f * .03125f;
    out[5 * t] = even + odd;
    out[6 * t] = even - odd;
    out[7 * t] = f;
  }
};
