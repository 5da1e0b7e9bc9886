// Direct convolution and its input gradient, as one plan: sums over windows of a source image, written to a grid of
// target pixels. The forward pass is one such sum that reads in steps of the stride; the input gradient is stride²
// of them (phases), each with the taps that reach its pixels, which read densely and write in steps of the stride.
//
// No include guard; DirectPacking.h stands before this. A thread takes a band of target rows, copies what they read into
// scratch that fits its second-level cache (zeros at the edges, so that no loop has branches), and walks over the
// packed weights for them.

struct Phase {
  int rows, columns;       // of the window
  int source_y, source_x;  // where the window of the first target pixel begins; may lie beyond the edge
  int target_y, target_x;  // the first target pixel
  int height, width;       // how many target pixels
  long panel;              // where its weights begin in each panel, in floats
};

struct Plan {
  int images, source_height, source_width, channels, target_height, target_width, outputs;
  int source_step, target_step, phase_count, panel_width, panels, band_rows, bands;
  int low_y, low_x, high_y, high_x;  // source pixels that the first target row reads, all phases together
  long panel_size, band_size;        // in floats
  bool is_thin, needs_copy;
  Phase phases[16];
};

/// Shapes that the direct kernels take: stride up to 4, and windows that reach the image.
inline bool direct_supports(const ConvolutionShape &s) {
  return s.stride >= 1 && s.stride <= 4 && s.padding >= 0 && s.height + 2 * s.padding >= s.kernel_height &&
         s.width + 2 * s.padding >= s.kernel_width && s.images > 0 && s.inputs > 0 && s.outputs > 0;
}

/// What both plans share once their phases are known. E: what the source is packed as; T: what it is.
template <class T>
inline void complete(Plan &plan, int threads) {
  using E = Packed<T>;
  constexpr int lanes = width * per_word<E>;
  plan.is_thin = plan.outputs <= thin_outputs;
  plan.panel_width = plan.outputs > width ? 2 * width : width;
  plan.panels = plan.is_thin ? 1 : (plan.outputs + plan.panel_width - 1) / plan.panel_width;
  plan.low_y = plan.phases[0].source_y, plan.low_x = plan.phases[0].source_x;
  plan.high_y = plan.low_y, plan.high_x = plan.low_x;
  long size = 0;
  int height = 1, columns = 1;
  bool has_odd_rows = false;
  for (int i = 0; i < plan.phase_count; i++) {
    Phase &phase = plan.phases[i];
    const int elements = phase.columns * plan.channels;
    phase.panel = size;
    if (plan.is_thin)
      size += static_cast<long>(phase.rows) * plan.outputs * ((elements + lanes - 1) / lanes * lanes);
    else
      size += static_cast<long>(phase.rows) * elements * plan.panel_width;
    has_odd_rows |= !plan.is_thin && elements % per_word<E> != 0;
    const int last_y = phase.source_y + phase.rows - 1;
    const int last_x = phase.source_x + phase.columns - 1 + (phase.width - 1) * plan.source_step;
    if (phase.source_y < plan.low_y) plan.low_y = phase.source_y;
    if (phase.source_x < plan.low_x) plan.low_x = phase.source_x;
    if (last_y > plan.high_y) plan.high_y = last_y;
    if (last_x > plan.high_x) plan.high_x = last_x;
    if (phase.height > height) height = phase.height;
    if (phase.width > columns) columns = phase.width;
  }
  plan.panel_size = (size + width - 1) / width * width;
  plan.needs_copy = sizeof(T) != sizeof(E) || has_odd_rows || plan.low_y < 0 || plan.low_x < 0 ||
                    plan.high_x >= plan.source_width ||
                    plan.high_y + (height - 1) * plan.source_step >= plan.source_height;
  const long row_size = static_cast<long>(plan.high_x - plan.low_x + 1) * plan.channels;
  long rows = (65536 * per_word<E>) / (row_size * plan.source_step);
  const long even = static_cast<long>(plan.images) * height / (4L * threads);  // four bands for every thread …
  const long least = (4 * tile_pixels + columns - 1) / columns;                // … but each of several tiles
  if (rows > even) rows = even;
  if (rows < least) rows = least;
  if (rows > height) rows = height;
  plan.band_rows = static_cast<int>(rows);
  plan.bands = (height + plan.band_rows - 1) / plan.band_rows;
  const long copied = (rows - 1) * plan.source_step + plan.high_y - plan.low_y + 1;
  plan.band_size = plan.needs_copy ? ((copied * row_size + per_word<E>) / per_word<E> + 2 * width - 1) / width * width : 0;
}

template <class T>
inline Plan forward_plan(const ConvolutionShape &s, int threads) {
  Plan plan = {};
  plan.images = s.images, plan.source_height = s.height, plan.source_width = s.width, plan.channels = s.inputs;
  plan.target_height = s.out_height(), plan.target_width = s.out_width(), plan.outputs = s.outputs;
  plan.source_step = s.stride, plan.target_step = 1, plan.phase_count = 1;
  plan.phases[0] = {s.kernel_height, s.kernel_width, -s.padding, -s.padding, 0, 0, s.out_height(), s.out_width(), 0};
  complete<T>(plan, threads);
  return plan;
}

/// One axis of one phase r: pixels with (pixel + padding) mod stride = r, and taps r, r + stride, …, last one first.
struct PhaseAxis {
  int taps, source, target, count;
  PhaseAxis(int r, int size, int kernel, int stride, int padding) {
    taps = r < kernel ? (kernel - r + stride - 1) / stride : 0;
    const int first = r >= padding ? 0 : (padding - r + stride - 1) / stride;
    target = stride * first + r - padding;
    count = target < size ? (size - target + stride - 1) / stride : 0;
    source = first - taps + 1;
  }
};

template <class T>
inline Plan input_gradient_plan(const ConvolutionShape &s, int threads) {
  Plan plan = {};
  plan.images = s.images, plan.channels = s.outputs, plan.outputs = s.inputs;
  plan.source_height = s.out_height(), plan.source_width = s.out_width();
  plan.target_height = s.height, plan.target_width = s.width;
  plan.source_step = 1, plan.target_step = s.stride, plan.phase_count = s.stride * s.stride;
  for (int i = 0; i < plan.phase_count; i++) {
    const PhaseAxis y(i / s.stride, s.height, s.kernel_height, s.stride, s.padding);
    const PhaseAxis x(i % s.stride, s.width, s.kernel_width, s.stride, s.padding);
    plan.phases[i] = {y.taps, x.taps, y.source, x.source, y.target, x.target, y.count, x.count, 0};
  }
  complete<T>(plan, threads);
  return plan;
}

/// Weights [outputs, inputs, kh, kw] → a panel of a forward plan: [kh, kw · inputs, panel_width].
template <class E>
inline void pack_forward(const ConvolutionShape &s, const Plan &plan, const float *weights, int panel, float *into) {
  const int taps = s.taps(), size = s.inputs * taps;
  for (int n = 0; n < plan.panel_width; n += width) {
    const int first = panel * plan.panel_width + n;
    const int lanes = s.outputs - first < width ? s.outputs - first : width;
    for (int e = 0; e < size; e += width)
      gather_runs(weights + static_cast<long>(lanes > 0 ? first : 0) * size + e, size, lanes,
                  size - e < width ? size - e : width, [&](int i) {
                    return into + (static_cast<long>((e + i) % taps) * s.inputs + (e + i) / taps) * plan.panel_width + n;
                  });
  }
  pair_elements<E>(into, s.kernel_height, s.kernel_width * s.inputs, plan.panel_width);
}

/// Weights → a panel of an input gradient's plan: for each phase [rows, columns · outputs, panel_width of inputs].
template <class E>
inline void pack_backward(const ConvolutionShape &s, const Plan &plan, const float *weights, int panel, float *into) {
  const int taps = s.taps();
  for (int t = 0; t < taps; t += width) {
    const int count = taps - t < width ? taps - t : width;
    long starts[width];  // of each tap's [outputs, panel_width]
    for (int i = 0; i < count; i++) {
      const int y = (t + i) / s.kernel_width, x = (t + i) % s.kernel_width;
      const Phase &phase = plan.phases[y % s.stride * s.stride + x % s.stride];
      const long row = phase.rows - 1 - y / s.stride, column = phase.columns - 1 - x / s.stride;
      starts[i] = phase.panel + (row * phase.columns + column) * s.outputs * plan.panel_width;
    }
    for (int k = 0; k < s.outputs; k++)
      for (int n = 0; n < plan.panel_width; n += width) {
        const int first = panel * plan.panel_width + n;
        const int lanes = s.inputs - first < width ? s.inputs - first : width;
        gather_runs(weights + (static_cast<long>(k) * s.inputs + (lanes > 0 ? first : 0)) * taps + t, taps, lanes, count,
                    [&](int i) { return into + starts[i] + static_cast<long>(k) * plan.panel_width + n; });
      }
  }
  for (int i = 0; i < plan.phase_count; i++)
    pair_elements<E>(into + plan.phases[i].panel, plan.phases[i].rows, plan.phases[i].columns * s.outputs,
                     plan.panel_width);
}

/// Weights → the one panel of a thin plan: for each phase [rows, outputs, columns · channels up to whole vectors].
template <class E>
inline void pack_thin(const ConvolutionShape &s, const Plan &plan, const float *weights, bool is_forward, float *into) {
  constexpr int lanes = width * per_word<E>;
  for (int i = 0; i < plan.phase_count; i++) {
    const Phase &phase = plan.phases[i];
    const int elements = phase.columns * plan.channels, padded = (elements + lanes - 1) / lanes * lanes;
    float *run = into + phase.panel;
    E *packed = reinterpret_cast<E *>(run);  // ahead of `run` nowhere: at most as many bytes for each run
    for (int row = 0; row < phase.rows; row++)
      for (int k = 0; k < plan.outputs; k++, run += padded, packed += padded) {
        for (int e = 0; e < padded; e++) {
          const int column = e / plan.channels, c = e % plan.channels;
          int y = row, x = column;
          if (!is_forward) {
            y = i / s.stride + s.stride * (phase.rows - 1 - row);
            x = i % s.stride + s.stride * (phase.columns - 1 - column);
          }
          const long pair = is_forward ? static_cast<long>(k) * s.inputs + c : static_cast<long>(c) * s.inputs + k;
          run[e] = e >= elements ? 0 : weights[(pair * s.kernel_height + y) * s.kernel_width + x];
        }
        for (int e = 0; e < padded; e += width) store(packed + e, load(run + e));
      }
  }
}

/// One phase of one band against one panel. `base`: where the window of the band's first pixel begins.
template <class E, class T>
inline void sum_phase(const Plan &plan, const Phase &phase, int begin, int end, const E *base, long row_step, T *image,
                      const float *panel, int first_output, const float *bias) {
  const Window window = {phase.rows, phase.columns * plan.channels, row_step};
  const int outputs = plan.outputs - first_output < plan.panel_width ? plan.outputs - first_output : plan.panel_width;
  const int pixels = (end - begin) * phase.width;
  int most = tile_pixels;
  if (plan.is_thin) most = plan.outputs == 1   ? thin_pixels<1>
                           : plan.outputs == 2 ? thin_pixels<2>
                           : plan.outputs == 3 ? thin_pixels<3>
                                               : thin_pixels<4>;
  const int tiles = (pixels + most - 1) / most;
  int row = 0, column = 0;
  for (int i = 0; i < tiles; i++) {
    const int count = static_cast<int>(share(pixels, i + 1, tiles) - share(pixels, i, tiles));
    const E *source[2 * tile_pixels];
    T *target[2 * tile_pixels];
    for (int r = 0; r < most; r++) {
      if (r >= count) {
        source[r] = source[r - 1], target[r] = target[r - 1];
        continue;
      }
      source[r] = base + row * plan.source_step * row_step + static_cast<long>(column) * plan.source_step * plan.channels;
      const long y = phase.target_y + static_cast<long>(begin + row) * plan.target_step;
      const long x = phase.target_x + static_cast<long>(column) * plan.target_step;
      target[r] = image + (y * plan.target_width + x) * plan.outputs + first_output;
      if (++column == phase.width) column = 0, row++;
    }
    if (plan.is_thin) {
      if (plan.outputs == 1) thin_tile<1>(count, source, target, window, panel, bias);
      if (plan.outputs == 2) thin_tile<2>(count, source, target, window, panel, bias);
      if (plan.outputs == 3) thin_tile<3>(count, source, target, window, panel, bias);
      if (plan.outputs == 4) thin_tile<4>(count, source, target, window, panel, bias);
    } else if (plan.panel_width == width) {
      tile_of<1>(count, source, target, window, panel, bias, outputs);
    } else {
      tile_of<2>(count, source, target, window, panel, bias, outputs);
    }
  }
}

/// One panel of one phase of one band.
struct Task {
  int panel, phase;
  long place;  // the band, counted through all images
  int first, end;  // its rows

  Task(const Plan &plan, long number) {
    panel = static_cast<int>(number % plan.panels);
    phase = static_cast<int>(number / plan.panels % plan.phase_count);
    place = number / plan.panels / plan.phase_count;
    first = static_cast<int>(place % plan.bands) * plan.band_rows;
    end = std::min(first + plan.band_rows, plan.phases[phase].height);
  }

  /// The image that it writes to.
  template <class T>
  T *target(const Plan &plan, T *y) const {
    return y + place / plan.bands * plan.target_height * plan.target_width * plan.outputs;
  }

  /// What it costs, roughly: products for each channel of a pixel, and one more for writing.
  long cost(const Plan &plan) const {
    const Phase &p = plan.phases[phase];
    return end <= first ? 0 : (p.rows * p.columns + 1L) * (end - first) * p.width;
  }
};

/// The first task of a thread whose parts cost the same, or nearly: phases have different numbers of taps.
inline long first_task(const Plan &plan, int thread, int threads) {
  const long tasks = static_cast<long>(plan.images) * plan.bands * plan.phase_count * plan.panels;
  if (thread == 0) return 0;
  if (thread == threads) return tasks;
  long whole = 0, before = 0, task = 0;
  for (long i = 0; i < tasks; i++) whole += Task(plan, i).cost(plan);
  const long begin = share(whole, thread, threads);
  for (long cost; task < tasks && before + (cost = Task(plan, task).cost(plan)) / 2 < begin; task++) before += cost;
  return task;
}

/// Calls work(task, base, row_step) for each of a thread's tasks; base: where the window of its first pixel begins.
///
/// Where the plan copies, copy(image, part, into) fills the thread's band once for all tasks on it. Whole words or tiles are
/// read past a row's end, with weight 0: `slack` elements after the band are zeros.
template <class T, class E, class Copy, class Work>
inline void for_each_band(const Plan &plan, const T *x, E *band, int slack, int thread, int threads, Copy copy, Work work) {
  const int columns = plan.high_x - plan.low_x + 1;
  long copied = -1;
  for (long i = first_task(plan, thread, threads), last = first_task(plan, thread + 1, threads); i < last; i++) {
    const Task task(plan, i);
    const Phase &phase = plan.phases[task.phase];
    if (task.first >= task.end || phase.width == 0) continue;
    const T *image = x + task.place / plan.bands * plan.source_height * plan.source_width * plan.channels;
    const int top = plan.low_y + task.first * plan.source_step;
    long row_step = static_cast<long>(plan.needs_copy ? columns : plan.source_width) * plan.channels;
    const E *base = band;
    if (!plan.needs_copy) {
      base = reinterpret_cast<const E *>(image) + top * row_step + static_cast<long>(plan.low_x) * plan.channels;
    } else if (copied != task.place) {
      const int rows = (plan.band_rows - 1) * plan.source_step + plan.high_y - plan.low_y + 1;
      copy(image, Rectangle{top, plan.low_x, rows, columns}, band);
      __builtin_memset(band + rows * row_step, 0, slack * sizeof(E));
      copied = task.place;
    }
    base += (phase.source_y - plan.low_y) * row_step + static_cast<long>(phase.source_x - plan.low_x) * plan.channels;
    work(task, base, row_step);
  }
}

/// A thread's part of a plan whose panels are packed.
template <class T>
inline void sum_bands(const Plan &plan, const T *x, const float *panels, const float *bias, T *y, float *band, int thread,
                      int threads) {
  using E = Packed<T>;
  const auto copy = [&](const T *image, const Rectangle &part, E *into) {
    copy_rectangle(image, plan.source_height, plan.source_width, plan.channels, part, into);
  };
  const auto sum = [&](const Task &task, const E *base, long row_step) {
    const Phase &phase = plan.phases[task.phase];
    const int output = task.panel * plan.panel_width;
    sum_phase(plan, phase, task.first, task.end, base, row_step, task.target(plan, y),
              panels + task.panel * plan.panel_size + phase.panel, output, bias == nullptr ? nullptr : bias + output);
  };
  for_each_band(plan, x, reinterpret_cast<E *>(band), 1, thread, threads, copy, sum);
}

/// Scratch, in floats, for direct_forward and direct_input_gradient: whichever of the two takes more.
inline size_t direct_scratch(const ConvolutionShape &s, int threads) {
  size_t most = 0;
  for (const Plan &plan : {forward_plan<float>(s, threads), input_gradient_plan<float>(s, threads),
                           forward_plan<bf16>(s, threads), input_gradient_plan<bf16>(s, threads)}) {
    const size_t size = static_cast<size_t>(plan.panel_size * plan.panels + plan.band_size * threads);
    if (size > most) most = size;
  }
  return most;
}

template <class T>
void direct_run(const ConvolutionShape &s, const Plan &plan, bool is_forward, const T *x, const float *weights,
                const float *bias, T *y, float *scratch, int threads) {
  auto body = [&](int thread, int count) {
    using E = Packed<T>;
    for (long i = share(plan.panels, thread, count); i < share(plan.panels, thread + 1, count); i++) {
      float *into = scratch + i * plan.panel_size;
      if (plan.is_thin)
        pack_thin<E>(s, plan, weights, is_forward, into);
      else if (is_forward)
        pack_forward<E>(s, plan, weights, static_cast<int>(i), into);
      else
        pack_backward<E>(s, plan, weights, static_cast<int>(i), into);
    }
    GOMP_barrier();
    float *band = scratch + plan.panels * plan.panel_size + thread * plan.band_size;
    sum_bands(plan, x, scratch, bias, y, band, thread, count);
  };
  on_all_threads(threads, body);
}

/// y = x ∗ weights + bias. Shapes: x [N, H, W, C], weights float [K, C, kh, kw], bias [K] or null → y [N, Ho, Wo, K].
template <class T>
void direct_forward(const ConvolutionShape &s, const T *x, const float *weights, const float *bias, T *y, float *scratch,
                    int threads) {
  direct_run(s, forward_plan<T>(s, threads), true, x, weights, bias, y, scratch, threads);
}

/// The gradient of x, and a transposed convolution's forward pass: dy [N, Ho, Wo, K] → dx [N, H, W, C]; bias [C] or null.
template <class T>
void direct_input_gradient(const ConvolutionShape &s, const T *dy, const float *weights, const float *bias, T *dx,
                           float *scratch, int threads) {
  direct_run(s, input_gradient_plan<T>(s, threads), false, dy, weights, bias, dx, scratch, threads);
}
