// Patina's own kernels for images laid out [N, H, W, C]: what they take, and which of them this processor gets.
//
// No state: scratch is allocated for a call and freed after it, and nothing is cached, so any number of threads may use
// the kernels at once. Work is split among the threads of libtorch's own pool in a way that depends on their number
// alone: the same input gives the same bytes.
#pragma once
#include <c10/core/CPUAllocator.h>

#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" {
void GOMP_parallel(void (*)(void *), void *, unsigned, unsigned);
void GOMP_barrier(void);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
}

namespace ctorch {

/// A bfloat16 number as it lies in memory.
struct bf16 {
  uint16_t bits;
};

/// What stands beyond an image's edge.
enum class Margin { none, zeros, reflection };

/// The row or column of an image of that size that stands at `at`, which may lie one margin beyond its edge; −1 for zeros.
inline int inside(int at, int size, Margin margin) {
  if (margin == Margin::reflection) at = at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
  return at >= 0 && at < size ? at : -1;
}

/// Runs body(thread, threads) on every thread of libtorch's pool. Compiled without OpenMP on purpose: Swift's clang has no
/// omp.h, but the library is there.
template <typename Body>
void on_all_threads(int threads, Body &body) {
  GOMP_parallel([](void *p) { (*static_cast<Body *>(p))(omp_get_thread_num(), omp_get_num_threads()); }, &body,
                static_cast<unsigned>(threads), 0);
}

/// A whole number of tasks cut into even runs: where thread `thread` of `threads` begins.
inline long share(long tasks, int thread, int threads) { return tasks * thread / threads; }

/// Transformed images are worked on in pieces of about this size, which stay in the last level of cache.
constexpr long transformed_bytes = 16 << 20;

/// Memory for one call, from libtorch's allocator; what it says when there is none left is libtorch's error.
class Scratch {
 public:
  float *floats(size_t count) {
    held.push_back(c10::GetCPUAllocator()->allocate(count * sizeof(float)));
    return static_cast<float *>(held.back().get());
  }

 private:
  std::vector<c10::DataPtr> held;
};

}  // namespace ctorch
