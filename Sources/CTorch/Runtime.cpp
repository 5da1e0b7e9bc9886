// Errors, versions, threads, CUDA, gradient mode, mixed precision.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/CPUAllocator.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

#include "Arena.h"
#include "Boundary.h"
#include "Kernels/Select.h"

using namespace ctorch;

/// Loads libtorch's CUDA, which registers itself; nothing links against it. Empty, or why there is none.
///
/// Whoever asks libtorch for CUDA before it is loaded gets the answer "none", which then stays for the whole process.
static const std::string &problem_of_cuda() {
  static const std::string problem = [] {
    return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr ? "" : dlerror();
  }();
  return problem;
}

extern "C" {

const char *ct_error_message(const CTError *error) { return error->message.c_str(); }
CTErrorKind ct_error_kind(const CTError *error) { return error->kind; }
void ct_error_free(CTError *error) { delete error; }

const char *ct_built_version(void) { return TORCH_VERSION; }

const char *ct_running_version(CTErrorOut error) {
  return guarded(error, []() -> const char * {
    // libtorch states its version in one place that C++ can reach: the first line of show_config(), which asks for CUDA too.
    problem_of_cuda();
    static const std::string config = at::show_config();
    static const std::string version = [] {
      const std::string key = "TORCH_VERSION=";
      const auto start = config.find(key);
      if (start == std::string::npos) return std::string("unknown");
      const auto begin = start + key.size();
      return config.substr(begin, config.find(',', begin) - begin);
    }();
    return version.c_str();
  });
}

const char *ct_cpu_capability(void) {
  static const std::string name = [] {
    CTError *ignored = nullptr;
    auto text = guarded(&ignored, [] { return at::get_cpu_capability(); });
    delete ignored;
    return text.empty() ? std::string("unknown") : text;
  }();
  return name.c_str();
}

int32_t ct_thread_count(void) {
  CTError *ignored = nullptr;
  const auto count = guarded(&ignored, [] { return static_cast<int32_t>(at::get_num_threads()); });
  delete ignored;
  return count;
}

bool ct_set_thread_count(int32_t count, CTErrorOut error) {
  return done(error, [&] {
    TORCH_CHECK(count >= 1, "a thread count must be at least 1, got ", count);
    // A thread takes over the number that any thread set last when it is first asked for its own; not after this, then.
    at::get_num_threads();
    at::set_num_threads(count);
  });
}

const char *ct_chosen_kernels(CTErrorOut error) {
  return guarded(error, [] {
    const auto *table = kernels("automatic");
    return table == nullptr ? "libtorch" : table->name;
  });
}

double ct_multiply_adds(int64_t rounds, bool half, CTErrorOut error) {
  return guarded(error, [&]() -> double {
    const auto *table = kernels("automatic");
    TORCH_CHECK(table != nullptr, "no kernels but libtorch's here");
    return table->peak(rounds, half, at::get_num_threads());
  });
}

void ct_keep_freed_memory(void) {
  if (Arena *arena = Arena::shared(); arena != nullptr) return c10::SetCPUAllocator(arena);
  // By default glibc maps large blocks anew for each tensor, and the kernel fills them with zeros page by page. Where there is
  // an arena this would only keep what was needed once, such as 100 000 images' names and hashes.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

void ct_tensor_memory(int64_t *used, int64_t *held) {
  Arena *arena = c10::GetCPUAllocator() == Arena::shared() ? Arena::shared() : nullptr;
  const Arena::Bytes bytes = arena == nullptr ? Arena::Bytes{0, 0} : arena->bytes();
  *used = int64_t(bytes.used);
  *held = int64_t(bytes.held);
}

int32_t ct_cuda_device_count(CTErrorOut error) {
  return guarded(error, []() -> int32_t {
    if (const auto &problem = problem_of_cuda(); !problem.empty()) {
      TORCH_CHECK(false, "this libtorch has no CUDA (", problem, ")");
    }
    const auto count = at::detail::getCUDAHooks().deviceCount();
    TORCH_CHECK(at::hasCUDA() && count > 0, "libtorch has CUDA, but no usable device or driver was found");
    return count;
  });
}

bool ct_configure_cuda(bool times_algorithms, bool allow_tf32, CTErrorOut error) {
  return done(error, [&] {
    auto &context = at::globalContext();
    context.setBenchmarkCuDNN(times_algorithms);
    context.setDeterministicCuDNN(!times_algorithms);
    context.setAllowTF32CuDNN(allow_tf32);
    context.setAllowTF32CuBLAS(allow_tf32);
  });
}

bool ct_is_gradient_enabled(void) { return c10::GradMode::is_enabled(); }
void ct_set_gradient_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }

bool ct_set_autocast(int32_t kind, bool enabled, int32_t type, CTErrorOut error) {
  return guarded(error, [&] {
    const auto on = kind == 0 ? at::kCPU : at::kCUDA;
    const bool before = at::autocast::is_autocast_enabled(on);
    if (enabled && type >= 0) at::autocast::set_autocast_dtype(on, scalar_type(type));
    at::autocast::set_autocast_enabled(on, enabled);
    return before;
  });
}

void ct_clear_autocast_cache(void) { at::autocast::clear_cache(); }

}  // extern "C"
