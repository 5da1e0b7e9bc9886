// Instance norm with its activation and the sum of a residual block in two passes over the image (Ulyanov et al., 2017).
// Statistics are float32 whatever the elements are. No include guard, as Vector.h.

struct InstanceNorm {
  const NormShape &s;
  static constexpr long block_elements = 8192;
  int padded;    // channels up to whole vectors
  float *sums;   // [thread][image][2][padded]

  InstanceNorm(const NormShape &s, float *sums) : s(s), padded((s.channels + width - 1) / width * width), sums(sums) {}

  float *sums_of(int thread, int image) const { return sums + (size_t(thread) * s.images + image) * 2 * padded; }

  /// Runs `body(image, first pixel, pixel after the last)` over a thread's part, image by image.
  template <typename Body>
  void each(int thread, int threads, Body body) const {
    const long all = long(s.images) * s.pixels;
    for (long from = share(all, thread, threads), end = share(all, thread + 1, threads); from < end;) {
      const int image = from / s.pixels;
      const long to = std::min(end, (image + 1L) * s.pixels);
      body(image, from, to);
      from = to;
    }
  }

  /// Runs `sum` over a thread's part and, when the sums of all threads stand, `apply`.
  template <typename Sum, typename Apply>
  void each(int thread, int threads, Sum sum, Apply apply) const {
    if (threads == 1) {  // image by image, so that the second pass finds in the cache what the first has read
      return each(thread, threads, [&](int image, long from, long to) {
        sum(image, from, to);
        apply(image, from, to);
      });
    }
    each(thread, threads, sum);
    GOMP_barrier();
    each(thread, threads, apply);
  }

  /// Sums of two quantities of each channel over the pixels from … to: `quantity(pixel, channel, count)` gives the pair.
  template <typename Quantity>
  void add_up(int thread, int image, long from, long to, Quantity quantity) const {
    float *first_sum = sums_of(thread, image), *second_sum = first_sum + padded;
    constexpr int together = 4;  // vectors at a time: enough sums under way to hide an addition's latency
    // So few pixels at a time that memory is read in the order in which it lies.
    const long some = std::max<long>(1, block_elements / s.channels);
    for (long begin = from, end; begin < to; begin = end) {
      end = std::min(to, begin + some);
      int c = 0;
      for (; c + together * width <= s.channels; c += together * width) {
        V a[together], b[together];
        for (int v = 0; v < together; v++) a[v] = load(first_sum + c + v * width), b[v] = load(second_sum + c + v * width);
        for (long p = begin; p < end; p++) {
          for (int v = 0; v < together; v++) quantity(p, c + v * width, width, a[v], b[v]);
        }
        for (int v = 0; v < together; v++) {
          store(first_sum + c + v * width, a[v]);
          store(second_sum + c + v * width, b[v]);
        }
      }
      for (; c < s.channels; c += width) {
        V a = load(first_sum + c), b = load(second_sum + c);
        for (long p = begin; p < end; p++) quantity(p, c, std::min(width, s.channels - c), a, b);
        store(first_sum + c, a);
        store(second_sum + c, b);
      }
    }
  }

  /// What all threads added up for an image, at one vector of channels.
  void total(int threads, int image, int c, V &a, V &b) const {
    a = b = zero();
    for (int thread = 0; thread < threads; thread++) {
      const float *own = sums_of(thread, image);
      a += load(own + c);
      b += load(own + padded + c);
    }
  }
};

template <typename T>
inline V load_part(const T *p, int n) { return n == width ? load(p) : load(p, n); }
template <typename T>
inline void store_part(T *p, V v, int n) {
  if (n == width) {
    store(p, v);
  } else {
    store(p, v, n);
  }
}

/// Calls body(channel, how many) for each vector of channels, with whole ones as a constant.
template <typename Body>
inline void each_vector(int channels, Body body) {
  int c = 0;
  for (; c + width <= channels; c += width) body(c, std::integral_constant<int, width>());
  if (c < channels) body(c, channels - c);
}

/// x, y, residual (or null) [N, H·W, C]; mean and rstd [N, C] are kept for the gradient.
template <typename T>
void norm_forward(const NormShape &s, const T *x, const T *residual, T *y, float *mean, float *rstd, int threads,
                  Scratch &memory) {
  const int C = s.channels, padded = (C + width - 1) / width * width;
  float *sums = memory.floats(s.sums(threads, padded)), *factors = memory.floats(size_t(threads) * 2 * padded);
  const InstanceNorm norm(s, sums);
  auto body = [&](int thread, int threads) {
    for (int image = 0; image < s.images; image++) {
      std::fill(norm.sums_of(thread, image), norm.sums_of(thread, image) + 2 * padded, 0.f);
    }
    float *shift = factors + size_t(thread) * 2 * padded, *scale = shift + padded;
    const auto sum = [&](int image, long from, long to) {
      // Of differences to the first pixel, so that a large mean takes no digits from the variance.
      const T *origin = x + long(image) * s.pixels * C;
      norm.add_up(thread, image, from, to, [&](long p, int c, int n, V &a, V &b) {
        const V d = load_part(x + p * C + c, n) - load_part(origin + c, n);
        a += d;
        b = fma(d, d, b);
      });
    };
    const auto apply = [&](int image, long from, long to) {
      const V per_pixel = all(1.f / s.pixels), slope = all(s.slope);
      for (int c = 0; c < C; c += width) {
        const int n = std::min(width, C - c);
        V a, b;
        norm.total(threads, image, c, a, b);
        const V d = a * per_pixel, m = d + load_part(x + long(image) * s.pixels * C + c, n);
        const V r = all(1.f) / root(larger(b * per_pixel - d * d, zero()) + all(s.epsilon));
        store(scale + c, r);
        store(shift + c, zero() - m * r);
        // Every thread with a part of the image computes the same; the one with its first pixel keeps it.
        if (from == long(image) * s.pixels) {
          store_part(mean + long(image) * C + c, m, n);
          store_part(rstd + long(image) * C + c, r, n);
        }
      }
      for (long p = from; p < to; p++) {
        each_vector(C, [&](int c, auto n) {
          V v = fma(load_part(x + p * C + c, n), load(scale + c), load(shift + c));
          v = larger(v, v * slope);
          if (residual != nullptr) v += load_part(residual + p * C + c, n);
          store_part(y + p * C + c, v, n);
        });
      }
    };
    norm.each(thread, threads, sum, apply);
  };
  on_all_threads(threads, body);
}

/// dx = rstd · (g − mean(g) − x̂ · mean(g x̂)) with g = gy · f′(x̂), means over the pixels.
template <typename T>
void norm_backward(const NormShape &s, const T *x, const T *gy, const float *mean, const float *rstd, T *dx, int threads,
                   Scratch &memory) {
  const int C = s.channels, padded = (C + width - 1) / width * width;
  float *sums = memory.floats(s.sums(threads, padded)), *factors = memory.floats(size_t(threads) * 4 * padded);
  const InstanceNorm norm(s, sums);
  auto body = [&](int thread, int threads) {
    for (int image = 0; image < s.images; image++) {
      std::fill(norm.sums_of(thread, image), norm.sums_of(thread, image) + 2 * padded, 0.f);
    }
    const V slope = all(s.slope);
    float *scale = factors + size_t(thread) * 4 * padded, *shift = scale + padded;
    float *of_input = shift + padded, *constant = of_input + padded;
    const auto normalise = [&](int image) {
      for (int c = 0; c < C; c += width) {
        const int n = std::min(width, C - c);
        const V r = load_part(rstd + long(image) * C + c, n);
        store(scale + c, r);
        store(shift + c, zero() - load_part(mean + long(image) * C + c, n) * r);
      }
    };
    const auto sum = [&](int image, long from, long to) {
      normalise(image);
      norm.add_up(thread, image, from, to, [&](long p, int c, int n, V &a, V &b) {
        const V hat = fma(load_part(x + p * C + c, n), load(scale + c), load(shift + c));
        const V g = load_part(gy + p * C + c, n), scaled = g * slope, passed = positive(hat, g, scaled);
        a += passed;
        b = fma(passed, hat, b);
      });
    };
    const auto apply = [&](int image, long from, long to) {
      normalise(image);
      const V per_pixel = all(1.f / s.pixels);
      for (int c = 0; c < C; c += width) {
        V a, b;
        norm.total(threads, image, c, a, b);
        const V r = load(scale + c), k = zero() - r * (b * per_pixel);
        store(of_input + c, k * r);
        store(constant + c, fma(k, load(shift + c), zero() - r * (a * per_pixel)));
      }
      for (long p = from; p < to; p++) {
        each_vector(C, [&](int c, auto n) {
          const V in = load_part(x + p * C + c, n), hat = fma(in, load(scale + c), load(shift + c));
          const V g = load_part(gy + p * C + c, n), scaled = g * slope, passed = positive(hat, g, scaled);
          store_part(dx + p * C + c, fma(passed, load(scale + c), fma(in, load(of_input + c), load(constant + c))), n);
        });
      }
    };
    norm.each(thread, threads, sum, apply);
  };
  on_all_threads(threads, body);
}
