// Convolution on the matrix unit, forward and input gradient: the plans of Direct.h, 32 pixels × 32 outputs at a time.
//
// No include guard; MatrixPacking.h stands before this.

/// The pixels of a band of one phase in groups of 16 that stand evenly apart in the source.
///
/// Rows of 16 pixels or more are cut into groups, of which the last reaches back over pixels that the one before it has
/// done already. Narrower rows are taken as one run, with whatever stands between them; that part of the sums is dropped.
struct PixelGroups {
  const Plan &plan;
  const Phase &phase;
  const bf16 *base;
  bf16 *image;  // at the panel's first output
  long row_step, pixel_step, across;
  int first, rows, in_row, count;

  PixelGroups(const Plan &plan, const Phase &phase, int first, int end, const bf16 *base, long row_step, bf16 *image)
      : plan(plan), phase(phase), base(base), image(image), row_step(row_step),
        pixel_step(long(plan.source_step) * plan.channels), across(row_step / plan.channels), first(first),
        rows(end - first), in_row((phase.width + side - 1) / side) {
    count = is_run() ? int(((rows - 1) * across + phase.width + side - 1) / side) : rows * in_row;
  }

  /// Whether to take rows as one run: where that is fewer pixels than whole groups for each row.
  bool is_run() const { return phase.width < side || in_row * side > across; }

  bf16 *target(long y, long x) const {
    const long row = phase.target_y + (first + y) * plan.target_step, column = phase.target_x + x * plan.target_step;
    return image + (row * plan.target_width + column) * plan.outputs;
  }

  /// The group's first pixel in the source, and where each of its 16 goes: null for what is dropped.
  const bf16 *locate(int group, bf16 **targets) const {
    if (is_run()) {
      for (int i = 0; i < side; i++) {
        const long place = long(group) * side + i, y = place / across, x = place % across;
        targets[i] = y < rows && x < phase.width ? target(y, x) : nullptr;
      }
      return base + long(group) * side * pixel_step;
    }
    const int y = group / in_row, x = std::min(group % in_row * side, phase.width - side);
    bf16 *const into = target(y, x);
    for (int i = 0; i < side; i++) targets[i] = into + long(i) * plan.target_step * plan.outputs;
    return base + y * plan.source_step * row_step + x * pixel_step;
  }
};

/// A window's row in steps of a tile.
struct MatrixWindow {
  int rows;
  RowOrder order;
  long row_step;
};

/// sums [M · 16][N · 16] = Σ over the window at each pixel. Before each row of the window aside(row) is called: what the
/// vectors do there costs little while the unit has products to do.
template <int M, int N, class Aside>
inline void window_sums(const MatrixWindow &window, const bf16 *const *pixels, long pixel_step, const float *panel, float *sums,
                        Aside aside) {
  const RowOrder order = window.order;
  clear_sums<M, N>();
  for (int row = 0; row < window.rows; row++) {
    aside(row);
    const bf16 *first[2] = {pixels[0] + row * window.row_step, pixels[M - 1] + row * window.row_step};
    for (int chunk = 0; chunk < order.chunks; chunk++, first[0] += tile_elements, first[1] += tile_elements) {
      const bf16 *left[2] = {first[0], first[1]};
      for (int column = 0; column < order.columns; column++) {
        add_products<M, N>(left, pixel_step * 2, panel, side * 4, tile_words);
        left[0] += order.column_step, left[1] += order.column_step, panel += N * tile_words;
      }
    }
  }
  store_sums<M, N>(sums, N * side);
}

/// Sums of up to 32 pixels on their way to the image.
struct Outgoing {
  alignas(64) float sums[4 * tile_words];
  bf16 *targets[2 * side];  // null for what is dropped
  int count = 0;

  /// Those from … to, [count][tiles · 16], of which `outputs` are wanted.
  void write(int from, int to, int tiles, int outputs, const V *added) const {
    for (int i = from; i < to; i++) {
      bf16 *const target = targets[i];
      if (target == nullptr) continue;
      const float *own = sums + long(i) * tiles * side;
      if (outputs == 2 * side) {
        const V low = load(own) + added[0], high = load(own + side) + added[1];
        _mm512_storeu_si512(target, (__m512i)_mm512_cvtne2ps_pbh(high, low));
        continue;
      }
      for (int n = 0; n < tiles; n++) {
        const int lanes = std::clamp(outputs - n * side, 0, side);
        store(target + n * side, load(own + n * side) + added[n], lanes);
      }
    }
  }
};

/// One phase of one band against one panel.
inline void multiply_phase(const PixelGroups &groups, const MatrixWindow &window, const float *panel, int outputs,
                           const float *bias) {
  const int tiles = groups.plan.panel_width / side;
  V added[2];
  for (int n = 0; n < 2; n++) {
    const int lanes = std::clamp(outputs - n * side, 0, side);
    added[n] = bias == nullptr || lanes == 0 ? zero() : load(bias + n * side, lanes);
  }
  // The sums of one pair of groups are written while the next pair is multiplied.
  Outgoing turns[2];
  int turn = 0;
  for (int group = 0; group < groups.count; group += 2, turn ^= 1) {
    Outgoing &own = turns[turn];
    const Outgoing &last = turns[turn ^ 1];
    const int pair = std::min(groups.count - group, 2);
    const bf16 *pixels[2];
    for (int m = 0; m < pair; m++) pixels[m] = groups.locate(group + m, own.targets + m * side);
    own.count = pair * side;
    for (int i = 0; i < own.count; i++)
      if (own.targets[i] != nullptr) __builtin_prefetch(own.targets[i], 1);
    const auto aside = [&](int row) {
      last.write(share(last.count, row, window.rows), share(last.count, row + 1, window.rows), tiles, outputs, added);
    };
    if (window.rows == 0) last.write(0, last.count, tiles, outputs, added);
    with_tiles(pair, tiles, [&](auto left, auto right) {
      window_sums<left, right>(window, pixels, groups.pixel_step, panel, own.sums, aside);
    });
  }
  turns[turn ^ 1].write(0, turns[turn ^ 1].count, tiles, outputs, added);
}

/// A thread's part of a plan whose panels are packed.
inline void multiply_bands(const MatrixShape &s, const Plan &plan, const bf16 *x, const float *panels, const float *bias,
                           bf16 *y, bf16 *band, int thread, int threads) {
  const TileUse use;
  const auto copy = [&](const bf16 *image, const Rectangle &part, bf16 *into) {
    copy_with_margin(s, image, plan.source_height, plan.source_width, plan.channels, part, into);
  };
  for_each_band(plan, x, band, tile_elements, thread, threads, copy, [&](const Task &task, const bf16 *base, long row_step) {
    const Phase &phase = plan.phases[task.phase];
    const int output = task.panel * plan.panel_width;
    multiply_phase({plan, phase, task.first, task.end, base, row_step, task.target(plan, y) + output},
                   {phase.rows, RowOrder(phase.columns, plan.channels), row_step},
                   panels + task.panel * plan.panel_size + phase.panel,
                   std::min(plan.outputs - output, plan.panel_width), bias == nullptr ? nullptr : bias + output);
  });
}

/// Where the numbers of a pixel stand along one axis of an image with a mirrored margin: its own place and those of its
/// mirror images.
struct Mirrors {
  int places[3], count;

  Mirrors(int at, int size) : places{at + 1}, count(1) {
    if (at == 1) places[count++] = 0;
    if (at == size - 2) places[count++] = size + 1;
  }
};

/// What the margin's mirror images have gathered goes to the pixels that they mirror: padded [H + 2, W + 2, C] → rows
/// begin … end of dx [H, W, C].
inline void fold_mirrors(const bf16 *padded, int height, int image_width, int channels, int begin, int end, bf16 *dx) {
  const auto place = [&](int y, int x) { return padded + (long(y) * (image_width + 2) + x) * channels; };
  for (int y = begin; y < end; y++) {
    const Mirrors rows(y, height);
    bf16 *row = dx + long(y) * image_width * channels;
    __builtin_memcpy(row, place(y + 1, 1), size_t(image_width) * channels * sizeof(bf16));
    for (int x = 0; x < image_width; x++) {
      const Mirrors columns(x, image_width);
      if (rows.count * columns.count == 1) continue;
      for (int c = 0; c < channels; c += width) {
        const int n = std::min(channels - c, width);
        V sum = zero();
        for (int i = 0; i < rows.count; i++)
          for (int j = 0; j < columns.count; j++) sum += load(place(rows.places[i], columns.places[j]) + c, n);
        store(row + long(x) * channels + c, sum, n);
      }
    }
  }
}

/// What a thread does once all sums stand: nothing.
struct NoMore {
  void operator()(const float *, int, int) const {}
};

/// `more`(panels, thread, threads) runs on every thread when the sums of all are written.
template <class More = NoMore>
inline void matrix_run(const MatrixShape &s, const Plan &plan, bool is_forward, const bf16 *x, const float *weights,
                       const float *bias, bf16 *y, int threads, Scratch &memory, More more = {}) {
  float *panels = memory.floats(plan.panel_size * plan.panels);
  const long taken = is_forward ? long(side) * side * s.taps() : 0;
  const long own = std::max(plan.band_size, taken);
  float *bands = memory.floats(own * threads);
  auto body = [&](int thread, int count) {
    float *mine = bands + thread * own;
    for (int i = share(plan.panels, thread, count); i < share(plan.panels, thread + 1, count); i++) {
      if (is_forward) {
        pack_matrix_forward(s, plan, weights, i, mine, panels + i * plan.panel_size);
      } else {
        pack_matrix_backward(s, plan, weights, i, panels + i * plan.panel_size);
      }
    }
    GOMP_barrier();
    multiply_bands(s, plan, x, panels, bias, y, reinterpret_cast<bf16 *>(mine), thread, count);
    if constexpr (!std::is_same_v<More, NoMore>) {
      GOMP_barrier();
      more(panels, thread, count);
    }
  };
  on_all_threads(threads, body);
}

/// y = x ∗ weights + bias. Shapes: x [N, H, W, C], weights float [K, C, kh, kw], bias [K] or null → y [N, Ho, Wo, K].
inline void matrix_forward(const MatrixShape &s, const bf16 *x, const float *weights, const float *bias, bf16 *y,
                           int threads, Scratch &memory) {
  matrix_run(s, matrix_plan(forward_plan<bf16>(s, threads)), true, x, weights, bias, y, threads, memory);
}

/// What reaches the margin of a 3 × 3 convolution whose margin mirrors the image: the four lines around dx, of which each
/// reads one line of dy, by a row or a column of the kernel, and is added to the line that it mirrors.
struct MirroredLines {
  const MatrixShape &s;
  const Plan &plan;
  const bf16 *dy;
  bf16 *dx;
  int longest;  // pixels of a line, with those of its ends, up to whole pairs of groups

  MirroredLines(const MatrixShape &s, const Plan &plan, const bf16 *dy, bf16 *dx)
      : s(s), plan(plan), dy(dy), dx(dx),
        longest((std::max(s.height, s.width) + 2 + tile_elements - 1) / tile_elements * tile_elements) {}

  /// Scratch of a thread: the line of dy with two zeros at either end, and the sums.
  long line_size() const { return (longest + 2L) * s.outputs / 2; }
  long size() const { return line_size() + long(longest) * tile_elements; }

  /// One of an image's lines: 0 above it, 1 below, 2 on its left, 3 on its right.
  struct Line {
    bool is_row, is_last;
    int count;                   // of the image's pixels along it
    long from, from_step;        // pixels of dy
    long into, into_step;        // pixels of dx, from the first along it

    Line(const MatrixShape &s, int side) : is_row(side < 2), is_last(side % 2 != 0), count(is_row ? s.width : s.height) {
      const long row = s.width, last = is_last ? 1 : 0;
      from = is_row ? last * (s.height - 1) * row : last * (s.width - 1);
      into = is_row ? (is_last ? s.height - 2 : 1) * row : (is_last ? s.width - 2 : 1);
      from_step = into_step = is_row ? 1 : row;
    }
  };

  void operator()(const float *panels, float *memory, int thread, int threads) const {
    const TileUse use;
    bf16 *const line = reinterpret_cast<bf16 *>(memory);
    float *const sums = memory + line_size();
    for (int image = 0; image < s.images; image++)
      for (int number = 0; number < 4; number++) {
        const Line own(s, number);
        const bf16 *const from = dy + (long(image) * s.height * s.width + own.from) * s.outputs;
        __builtin_memset(line, 0, size_t(line_size()) * sizeof(float));
        for (int i = 0; i < own.count; i++)
          __builtin_memcpy(line + (i + 2L) * s.outputs, from + i * own.from_step * s.outputs, size_t(s.outputs) * sizeof(bf16));
        for (int panel = share(plan.panels, thread, threads); panel < share(plan.panels, thread + 1, threads); panel++) {
          const int first = panel * plan.panel_width, outputs = std::min(plan.outputs - first, plan.panel_width);
          with_tiles(2, plan.panel_width / side, [&](auto m, auto n) {
            sum<n>(own, line, panels + panel * plan.panel_size, sums);
          });
          bf16 *const into = dx + (long(image) * s.height * s.width + own.into) * s.inputs + first;
          add(own, sums, outputs, into);
        }
      }
  }

  template <int N>
  void sum(const Line &own, const bf16 *line, const float *panel, float *sums) const {
    const Phase &phase = plan.phases[0];
    const long row = long(row_words(plan, phase)) * plan.panel_width, column = N * tile_words;
    const float *const first = panel + (own.is_row ? (own.is_last ? 0 : 2) * row : (own.is_last ? 0 : 2) * column);
    const long tap_step = own.is_row ? column : row;
    for (int pixel = 0; pixel < own.count + 2; pixel += tile_elements) {
      clear_sums<2, N>();
      for (int chunk = 0; chunk < s.outputs / tile_elements; chunk++)
        for (int tap = 0; tap < 3; tap++) {
          const bf16 *const from = line + (long(pixel) + tap) * s.outputs + chunk * tile_elements;
          const bf16 *const left[2] = {from, from + long(side) * s.outputs};
          add_products<2, N>(left, s.outputs * 2, first + tap * tap_step + chunk * 3 * column, side * 4, tile_words);
        }
      store_sums<2, N>(sums + long(pixel) * N * side, N * side);
    }
  }

  /// Adds a line's sums [count + 2, panel_width] to the pixels that it mirrors. Its ends mirror pixels of the line itself
  /// where it is a row; of a column they are those of the rows.
  void add(const Line &own, float *sums, int outputs, bf16 *into) const {
    const int width_of_panel = plan.panel_width;
    for (int c = 0; c < outputs; c += side) {
      const int n = std::min(outputs - c, side);
      const auto at = [&](int i) { return sums + long(i) * width_of_panel + c; };
      if (own.is_row) {
        store(at(2), load(at(2)) + load(at(0)));
        store(at(own.count - 1), load(at(own.count - 1)) + load(at(own.count + 1)));
      }
      for (int i = 0; i < own.count; i++) {
        bf16 *const to = into + i * own.into_step * s.inputs + c;
        store(to, load(to, n) + load(at(i + 1)), n);
      }
    }
  }
};

/// The gradient of x, and a transposed convolution's forward pass: dy [N, Ho, Wo, K] → dx [N, H, W, C]; bias [C] or null.
inline void matrix_input_gradient(const MatrixShape &s, const bf16 *dy, const float *weights, const float *bias, bf16 *dx,
                                  int threads, Scratch &memory) {
  if (!s.is_mirrored()) {
    matrix_run(s, matrix_plan(input_gradient_plan<bf16>(s, threads)), false, dy, weights, bias, dx, threads, memory);
    return;
  }
  if (s.outputs % tile_elements == 0) {
    MatrixShape open = s;
    open.margin = Margin::zeros;
    const Plan plan = matrix_plan(input_gradient_plan<bf16>(open, threads));
    const MirroredLines lines(s, plan, dy, dx);
    float *own = memory.floats(lines.size() * threads);
    const auto add = [&](const float *panels, int thread, int count) {
      lines(panels, own + lines.size() * thread, thread, count);
    };
    matrix_run(open, plan, false, dy, weights, bias, dx, threads, memory, add);
    return;
  }
  MatrixShape padded = s;
  padded.height += 2, padded.width += 2, padded.padding = 0, padded.margin = Margin::none;
  const long size = long(padded.height) * padded.width * s.inputs;
  bf16 *sums = reinterpret_cast<bf16 *>(memory.floats((size * s.images + 1) / 2));
  matrix_run(padded, matrix_plan(input_gradient_plan<bf16>(padded, threads)), false, dy, weights, bias, sums, threads, memory);
  auto body = [&](int thread, int count) {
    for (int image = 0; image < s.images; image++)
      fold_mirrors(sums + image * size, s.height, s.width, s.inputs, share(s.height, thread, count),
                   share(s.height, thread + 1, count), dx + long(image) * s.height * s.width * s.inputs);
  };
  on_all_threads(threads, body);
}
