// The kernels for processors with AVX-512 that do not know bfloat16.
#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "KernelTable.h"

#define PATINA_VECTOR 512
#define PATINA_BF16 0
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma"))), \
                             apply_to = function)
namespace ctorch::avx512 {
#include "AllKernels.h"
}
#pragma clang attribute pop

namespace ctorch {
extern const KernelTable kernels_avx512 = avx512::table("avx512");
}
