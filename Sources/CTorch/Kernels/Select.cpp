#include "Select.h"

#include <c10/util/Exception.h>
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace ctorch {

extern const KernelTable kernels_amx, kernels_avx512bf16, kernels_avx512, kernels_avx2;

namespace {

/// Whether the processor has a matrix unit for bfloat16, and the system lets this process use it: tiles are 8 KiB more to
/// save for each thread, so Linux wants to be asked.
bool has_matrix_unit() {
  unsigned a, b, c, d;
  constexpr unsigned bf16 = 1u << 22, tile = 1u << 24;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & (bf16 | tile)) != (bf16 | tile)) return false;
  constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

bool runs(const KernelTable &table) {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (&table == &kernels_avx2) return avx2;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (!avx512 || &table == &kernels_avx512) return avx512;
  return __builtin_cpu_supports("avx512bf16") && (&table == &kernels_avx512bf16 || has_matrix_unit());
}

const KernelTable *named(const std::string &name) {
  if (name == "libtorch") return nullptr;
  for (const auto *table : {&kernels_amx, &kernels_avx512bf16, &kernels_avx512, &kernels_avx2}) {
    if (name != table->name) continue;
    TORCH_CHECK(runs(*table), "this processor cannot run the kernels for ", name);
    return table;
  }
  TORCH_CHECK(false, "kernels are amx, avx512bf16, avx512, avx2 or libtorch, not ", name);
}

const KernelTable *best() {
  if (const char *wanted = std::getenv("PATINA_KERNELS"); wanted != nullptr && *wanted != '\0') return named(wanted);
#ifdef __OPTIMIZE__
  for (const auto *table : {&kernels_amx, &kernels_avx512bf16, &kernels_avx512, &kernels_avx2}) {
    if (runs(*table)) return table;
  }
#endif
  return nullptr;
}

}  // namespace

const KernelTable *kernels(const std::string &name) {
  if (name != "automatic") return named(name);
  static const KernelTable *const chosen = best();
  return chosen;
}

}  // namespace ctorch
