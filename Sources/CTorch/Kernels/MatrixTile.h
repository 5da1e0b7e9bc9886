// Sums of products on the processor's matrix unit (AMX): tiles of 16 rows of 64 bytes, bfloat16 products, float sums.
//
// No include guard; DirectTile.h stands before this. A tile of pixels holds 16 of them × 32 elements of their windows, read
// from the image where it lies; a tile of weights 16 pairs of elements × 16 outputs. Four sums at once (32 × 32) make the
// unit, not the loads, the limit.

constexpr int side = 16;                       // rows of a tile, and floats of one of its rows
constexpr int tile_elements = 2 * side;        // bfloat16 numbers of one of its rows
constexpr long tile_words = long(side) * side;

/// Numbers of a row of products, up to whole tiles.
inline int whole_tiles(int elements) { return (elements + tile_elements - 1) / tile_elements * tile_elements; }

/// All eight tiles with 16 rows of 64 bytes, from the first line of a thread's work to its last.
struct TileUse {
  TileUse() {
    struct {
      uint8_t palette, start, reserved[14];
      uint16_t row_bytes[16];
      uint8_t rows[16];
    } sizes = {};
    sizes.palette = 1;
    for (int i = 0; i < 8; i++) sizes.row_bytes[i] = 64, sizes.rows[i] = side;
    _tile_loadconfig(&sizes);
  }
  ~TileUse() { _tile_release(); }
  TileUse(const TileUse &) = delete;
};

// Tiles 0 to 3 are sums [M][N], 4 and 5 rows of the left side, 6 and 7 of the right. Their numbers are part of the
// instructions, hence the macros' constants.

/// One step: M tiles of the left side times N of the right, 16 words side by side, `right_step` bytes from row to row.
template <int M, int N>
inline void add_products(const bf16 *const *left, long left_step, const float *right, long right_step, long right_apart) {
  _tile_loadd(4, left[0], left_step);
  _tile_loadd(6, right, right_step);
  _tile_dpbf16ps(0, 4, 6);
  if constexpr (N > 1) {
    _tile_loadd(7, right + right_apart, right_step);
    _tile_dpbf16ps(1, 4, 7);
  }
  if constexpr (M > 1) {
    _tile_loadd(5, left[1], left_step);
    _tile_dpbf16ps(2, 5, 6);
    if constexpr (N > 1) _tile_dpbf16ps(3, 5, 7);
  }
}

template <int M, int N>
inline void clear_sums() {
  _tile_zero(0);
  if constexpr (N > 1) _tile_zero(1);
  if constexpr (M > 1) _tile_zero(2);
  if constexpr (M > 1 && N > 1) _tile_zero(3);
}

/// Sums [M · 16][N · 16], `step` floats from row to row.
template <int M, int N>
inline void load_sums(const float *from, long step) {
  _tile_loadd(0, from, step * 4);
  if constexpr (N > 1) _tile_loadd(1, from + side, step * 4);
  if constexpr (M > 1) _tile_loadd(2, from + side * step, step * 4);
  if constexpr (M > 1 && N > 1) _tile_loadd(3, from + side * step + side, step * 4);
}

template <int M, int N>
inline void store_sums(float *into, long step) {
  _tile_stored(0, into, step * 4);
  if constexpr (N > 1) _tile_stored(1, into + side, step * 4);
  if constexpr (M > 1) _tile_stored(2, into + side * step, step * 4);
  if constexpr (M > 1 && N > 1) _tile_stored(3, into + side * step + side, step * 4);
}

/// Calls body with how many tiles lie on either side, as constants.
template <typename Body>
inline void with_tiles(int left, int right, Body body) {
  using One = std::integral_constant<int, 1>;
  using Two = std::integral_constant<int, 2>;
  if (left > 1) {
    if (right > 1) {
      body(Two(), Two());
    } else {
      body(Two(), One());
    }
  } else if (right > 1) {
    body(One(), Two());
  } else {
    body(One(), One());
  }
}
