// The kernels for processors with AVX-512 that also round to and multiply in bfloat16 (Cooper Lake, Zen 4 and later).
#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "KernelTable.h"

#define PATINA_VECTOR 512
#define PATINA_BF16 1
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma"))), \
                             apply_to = function)
namespace ctorch::avx512bf16 {
#include "AllKernels.h"
}
#pragma clang attribute pop

namespace ctorch {
extern const KernelTable kernels_avx512bf16 = avx512bf16::table("avx512bf16");
}
