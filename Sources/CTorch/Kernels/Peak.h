// Multiply-adds in registers alone: what no kernel exceeds, to compare the others with. No include guard, as Vector.h.

/// `rounds` times 12 independent multiply-adds of vectors on each thread, of float32 numbers or, where the processor
/// multiplies them, of bfloat16 numbers. Returns how many operations that was, a multiply-add counting as two.
template <class T>
inline double run_vector_peak(long rounds, int threads) {
  constexpr int chains = 12;  // more than the two units times their latency of four or five cycles
  auto body = [&](int, int) {
    volatile float start = 1, factor = .999f;  // nothing for the compiler to work out beforehand
    V sums[chains];
    const V a = all(factor), b = all(start);
    for (auto &sum : sums) sum = b;
    for (long round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
      for (auto &sum : sums) sum = multiply_add<Packed<T>>(a, b, sum);
    }
    V total = zero();
    for (const auto &sum : sums) total += sum;
    start = sum(total);
  };
  on_all_threads(threads, body);
  return 2.0 * width * per_word<Packed<T>> * chains * double(rounds) * threads;
}

inline double run_peak(long rounds, bool half, int threads) {
  return half ? run_vector_peak<bf16>(rounds, threads) : run_vector_peak<float>(rounds, threads);
}
