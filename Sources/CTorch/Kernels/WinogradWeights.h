// Weights of 3 × 3 convolutions between PyTorch's layout and the packed ones. No include guard, as Vector.h.

/// From weight [K, C, 3, 3] to by_output [K / 32][3 × 3][C][32 of K], for the forward pass, and to by_input
/// [C / 32][3 × 3][K][32 of C], for the gradient of the input; either may be null. Channels that are not there become 0.
inline void pack_weights(const float *weight, int outputs, int inputs, float *by_output, float *by_input, int thread,
                         int threads) {
  const int high = (outputs + block - 1) / block * block, wide = (inputs + block - 1) / block * block;
  const long tasks = long(high / width) * (wide / width);
  for (long task = share(tasks, thread, threads); task < share(tasks, thread + 1, threads); task++) {
    const int k = task / (wide / width) * width, c = task % (wide / width) * width;
    const int taps = std::clamp(inputs - c, 0, width) * 9;
    V taken[9 * width];  // [channel][tap], each `width` outputs
    for (int q = 0; q < 9 * width; q += width) {
      for (int l = 0; l < width; l++) {
        const int there = k + l < outputs ? std::clamp(taps - q, 0, width) : 0;
        taken[q + l] = there > 0 ? load(weight + (long(k + l) * inputs + c) * 9 + q, there, there == width) : zero();
      }
      transpose(taken + q);
    }
    if (by_output != nullptr) {
      float *to = by_output + long(k / block) * 9 * wide * block + k % block;
      for (int i = 0; i < width; i++) {
        for (int tap = 0; tap < 9; tap++) store(to + (long(tap) * wide + c + i) * block, taken[i * 9 + tap]);
      }
    }
    if (by_input != nullptr) {
      float *to = by_input + long(c / block) * 9 * high * block + c % block;
      for (int tap = 0; tap < 9; tap++) {
        V v[width];
        for (int i = 0; i < width; i++) v[i] = taken[i * 9 + tap];
        transpose(v);
        for (int l = 0; l < width; l++) store(to + (long(tap) * high + k + l) * block, v[l]);
      }
    }
  }
}

/// The sum of `count` packed gradients ([K / 32][3 × 3][C][32], `apart` from each other) as [K, C, 3, 3].
inline void unpack_weights(const float *packed, int count, size_t apart, int outputs, int inputs, float *weight,
                           int thread, int threads) {
  const int wide = (inputs + block - 1) / block * block;
  const int high = (outputs + width - 1) / width, across = (inputs + width - 1) / width;
  for (long task = share(long(high) * across, thread, threads); task < share(long(high) * across, thread + 1, threads);
       task++) {
    const int k = task / across * width, c = task % across * width;
    const int taps = std::min(inputs - c, width) * 9;
    V sums[9 * width];
    const float *from = packed + long(k / block) * 9 * wide * block + k % block;
    for (int i = 0; i < width; i++) {
      for (int tap = 0; tap < 9; tap++) {
        V sum = load(from + (long(tap) * wide + c + i) * block);
        for (int p = 1; p < count; p++) sum += load(from + p * apart + (long(tap) * wide + c + i) * block);
        sums[i * 9 + tap] = sum;
      }
    }
    for (int q = 0; q < taps; q += width) {
      transpose(sums + q);
      const int there = std::min(taps - q, width);
      for (int l = 0; l < std::min(width, outputs - k); l++) {
        store(weight + (long(k + l) * inputs + c) * 9 + q, sums[q + l], there);
      }
    }
  }
}
