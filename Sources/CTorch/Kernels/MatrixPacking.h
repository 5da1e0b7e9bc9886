// Convolution on the matrix unit: weights, and the rows of images that windows read, as the tiles take them.
//
// No include guard; Direct.h and MatrixTile.h stand before this.

/// What is convolved; a margin that mirrors the image is one pixel wide.
struct MatrixShape : ConvolutionShape {
  Margin margin;

  bool is_mirrored() const { return margin == Margin::reflection; }
};

inline int row_words(const Plan &plan, const Phase &phase) {
  return whole_tiles(phase.columns * plan.channels) / 2;
}

/// The order in which a window's row is multiplied. Where channels fill whole tiles it is column after column for each 32 of
/// them, so that columns find the pixels that they share in the first-level cache; elsewhere as the row lies in memory.
struct RowOrder {
  int channels, chunks, columns, column_step;

  RowOrder(int columns, int channels) : channels(channels) {
    const bool is_whole = channels % tile_elements == 0;
    chunks = (is_whole ? channels : whole_tiles(columns * channels)) / tile_elements;
    this->columns = is_whole ? columns : 1;
    column_step = channels;
  }

  /// The place of a channel of a column.
  long place(int column, int channel) const {
    if (channels % tile_elements != 0) return long(column) * channels + channel;
    return (long(channel / tile_elements) * columns + column) * tile_elements + channel % tile_elements;
  }
};

/// Pixels of a row, up to whole groups of 16.
inline int whole_groups(int pixels) { return (pixels + side - 1) / side * side; }

/// A plan whose panels are [rows, steps of 32 elements, panel_width / 16, 16 pairs, 16 outputs], and whose bands end in room
/// for a last tile of pixels.
inline Plan matrix_plan(Plan plan) {
  plan.is_thin = false;
  plan.panel_width = plan.outputs > side ? 2 * side : side;
  plan.panels = (plan.outputs + plan.panel_width - 1) / plan.panel_width;
  plan.panel_size = 0;
  for (int i = 0; i < plan.phase_count; i++) {
    Phase &phase = plan.phases[i];
    phase.panel = plan.panel_size;
    plan.panel_size += long(phase.rows) * row_words(plan, phase) * plan.panel_width;
    plan.needs_copy |= phase.columns * plan.channels % tile_elements != 0 || phase.width < side ||
                       whole_groups(phase.width) > plan.high_x - plan.low_x + 1;
  }
  const long rows = (plan.band_rows - 1L) * plan.source_step + plan.high_y - plan.low_y + 1;
  const long pixels = rows * (plan.high_x - plan.low_x + 1) + side * plan.source_step;
  plan.band_size = plan.needs_copy ? (pixels * plan.channels / 2 + tile_elements) / side * side + side : 0;
  return plan;
}

/// Whether weights leave words of a panel, or halves of them, that must be zeros.
inline bool has_gaps(const Plan &plan) {
  bool gaps = plan.channels % 2 != 0 || plan.outputs % plan.panel_width != 0;
  for (int i = 0; i < plan.phase_count; i++) gaps |= plan.phases[i].columns * plan.channels % tile_elements != 0;
  return gaps;
}

/// The word of a packed row where the numbers of 16 outputs at element `e` stand.
inline float *word_of(float *row, long e, int panel_width) {
  return row + e / tile_elements * side * panel_width + e / 2 % side * side;
}

/// Puts numbers for 16 outputs at elements `e` and e + 1; or, where pairs may begin anywhere, at `e` alone, beside what
/// its word holds.
inline void put_pair(float *row, long e, int panel_width, V low, V high) {
  store(word_of(row, e, panel_width), paired(low, high));
}
inline void put_one(float *row, long e, int panel_width, V values) {
  float *word = word_of(row, e, panel_width);
  const V pair = e % 2 == 0 ? paired(values, zero()) : paired(zero(), values);
  store(word, _mm512_castsi512_ps(_mm512_or_si512(_mm512_castps_si512(pair), _mm512_castps_si512(load(word)))));
}

/// Weights [outputs, inputs, kh, kw] → a panel of a forward plan. `taken`: 16 floats for each of 16 channels' taps.
inline void pack_matrix_forward(const ConvolutionShape &s, const Plan &plan, const float *weights, int panel, float *taken,
                                float *into) {
  const int taps = s.taps(), words = row_words(plan, plan.phases[0]);
  const RowOrder order(s.kernel_width, s.inputs);
  if (has_gaps(plan)) __builtin_memset(into, 0, size_t(plan.panel_size) * sizeof(float));
  for (int n = 0; n < plan.panel_width; n += side) {
    const int first = panel * plan.panel_width + n, lanes = std::min(s.outputs - first, side);
    if (lanes <= 0) continue;
    for (int c = 0; c < s.inputs; c += side) {
      const int channels = std::min(s.inputs - c, side), size = channels * taps;
      for (int e = 0; e < size; e += side)
        gather_runs(weights + (long(first) * s.inputs + c) * taps + e, s.inputs * taps, lanes, std::min(size - e, side),
                    [&](int i) { return taken + long(e + i) * side; });
      for (int tap = 0; tap < taps; tap++) {
        float *row = into + long(tap / s.kernel_width) * words * plan.panel_width + long(n) * side;
        const long at = order.place(tap % s.kernel_width, c);
        const auto values = [&](int i) { return load(taken + (long(i) * taps + tap) * side); };
        if (s.inputs % 2 == 0) {
          for (int i = 0; i < channels; i += 2) put_pair(row, at + i, plan.panel_width, values(i), values(i + 1));
        } else {
          for (int i = 0; i < channels; i++) put_one(row, at + i, plan.panel_width, values(i));
        }
      }
    }
  }
}

/// Weights → a panel of an input gradient's plan.
inline void pack_matrix_backward(const ConvolutionShape &s, const Plan &plan, const float *weights, int panel, float *into) {
  const int taps = s.taps(), together = s.outputs % 2 == 0 ? 2 : 1;
  if (has_gaps(plan)) __builtin_memset(into, 0, size_t(plan.panel_size) * sizeof(float));
  for (int t = 0; t < taps; t += side) {
    const int count = std::min(taps - t, side);
    float *rows[side];
    int columns[side], across[side];  // a tap's column in its row, of how many
    for (int i = 0; i < count; i++) {
      const int y = (t + i) / s.kernel_width, x = (t + i) % s.kernel_width;
      const Phase &phase = plan.phases[y % s.stride * s.stride + x % s.stride];
      rows[i] = into + phase.panel + (phase.rows - 1L - y / s.stride) * row_words(plan, phase) * plan.panel_width;
      across[i] = phase.columns;
      columns[i] = phase.columns - 1 - x / s.stride;
    }
    for (int n = 0; n < plan.panel_width; n += side) {
      const int first = panel * plan.panel_width + n, lanes = std::min(s.inputs - first, side);
      if (lanes <= 0) continue;
      for (int k = 0; k < s.outputs; k += together) {
        float taken[2][side * side];
        for (int half = 0; half < together; half++)
          gather_runs(weights + ((k + half) * long(s.inputs) + first) * taps + t, taps, lanes, count,
                      [&](int i) { return taken[half] + i * side; });
        for (int i = 0; i < count; i++) {
          float *row = rows[i] + long(n) * side;
          const long at = RowOrder(across[i], s.outputs).place(columns[i], k);
          if (together == 2) {
            put_pair(row, at, plan.panel_width, load(taken[0] + i * side), load(taken[1] + i * side));
          } else {
            put_one(row, at, plan.panel_width, load(taken[0] + i * side));
          }
        }
      }
    }
  }
}

/// As copy_rectangle, with the margin that the shape has. Shapes: image [height, image_width, channels] → [rows, columns,
/// channels].
inline void copy_with_margin(const MatrixShape &s, const bf16 *image, int height, int image_width, int channels,
                             const Rectangle &part, bf16 *into) {
  const long row_size = long(part.columns) * channels;
  for (int y = 0; y < part.rows; y++, into += row_size) {
    const int row = inside(part.y + y, height, s.margin);
    if (row < 0) {
      __builtin_memset(into, 0, size_t(row_size) * sizeof(bf16));
      continue;
    }
    for (int x = 0, run; x < part.columns; x += run) {
      const int at = part.x + x, column = inside(at, image_width, s.margin);
      run = at >= 0 && at < image_width ? std::min(part.columns - x, image_width - at) : 1;
      bf16 *to = into + long(x) * channels;
      const size_t bytes = size_t(run) * channels * sizeof(bf16);
      if (column < 0) {
        __builtin_memset(to, 0, bytes);
      } else {
        __builtin_memcpy(to, image + (long(row) * image_width + column) * channels, bytes);
      }
    }
  }
}

/// A thread's part of the way of sums [kernel rows, outputs, step], each run a window's row, into [outputs, inputs, kh, kw].
inline void unpack_matrix_sums(const ConvolutionShape &s, long outputs, long step, const float *sums, float *dw, int thread,
                               int threads) {
  const int taps = s.taps();
  for (int k = share(s.outputs, thread, threads); k < share(s.outputs, thread + 1, threads); k++)
    for (int c = 0; c < s.inputs; c += side)
      for (int t = 0; t < taps; t += side)
        scatter_runs(dw + (long(k) * s.inputs + c) * taps + t, taps, std::min(s.inputs - c, side), std::min(taps - t, side),
                     [&](int i) {
                       const int ky = (t + i) / s.kernel_width, kx = (t + i) % s.kernel_width;
                       return sums + (ky * outputs + k) * step + kx * s.inputs + c;
                     });
}
