#include "Select.h"

#include <c10/util/Exception.h>

#include <cstdlib>

namespace ctorch {

extern const KernelTable kernels_avx512bf16, kernels_avx512, kernels_avx2;

namespace {

bool runs(const KernelTable &table) {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (&table == &kernels_avx2) return avx2;
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  return avx512 && (&table == &kernels_avx512 || __builtin_cpu_supports("avx512bf16"));
}

const KernelTable *named(const std::string &name) {
  if (name == "libtorch") return nullptr;
  for (const auto *table : {&kernels_avx512bf16, &kernels_avx512, &kernels_avx2}) {
    if (name != table->name) continue;
    TORCH_CHECK(runs(*table), "this processor cannot run the kernels for ", name);
    return table;
  }
  TORCH_CHECK(false, "kernels are avx512bf16, avx512, avx2 or libtorch, not ", name);
}

const KernelTable *best() {
  if (const char *wanted = std::getenv("PATINA_KERNELS"); wanted != nullptr && *wanted != '\0') return named(wanted);
#ifdef __OPTIMIZE__
  for (const auto *table : {&kernels_avx512bf16, &kernels_avx512, &kernels_avx2}) {
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
