// Two pieces of work at once, each on one thread.
#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>
#include <ATen/autocast_mode.h>

#include "Boundary.h"
#include "Kernels/Kernels.h"

extern "C" void omp_set_num_threads(int);

using namespace ctorch;

extern "C" {

void ct_side_by_side(void (*body)(void *context, int32_t which), void *context) {
  // With more threads each piece would need a team of its own, which libgomp makes anew for every operation.
  if (at::get_num_threads() != 2 || at::in_parallel_region()) {
    body(context, 0);
    body(context, 1);
    return;
  }
  const at::ThreadLocalState modes;  // gradients on or off, mixed precision
  // Whose types these modes leave out.
  const auto cpu = at::autocast::get_autocast_dtype(at::kCPU), cuda = at::autocast::get_autocast_dtype(at::kCUDA);
  // The threads are those that operations use, so that none of them spins at a barrier beside these.
  auto part = [&](int thread, int threads) {
    const at::ThreadLocalStateGuard guard(modes);
    at::autocast::set_autocast_dtype(at::kCPU, cpu);
    at::autocast::set_autocast_dtype(at::kCUDA, cuda);
    at::get_num_threads();   // sets the number of a new thread when it is first asked for, so not after this:
    omp_set_num_threads(1);  // of this thread, until the parallel region ends
    for (int which = thread; which < 2; which += threads) body(context, which);
  };
  on_all_threads(2, part);
}

}  // extern "C"
