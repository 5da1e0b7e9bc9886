// The kernels for processors with AVX2 and FMA.
#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "KernelTable.h"

#define PATINA_VECTOR 256
#define PATINA_BF16 0
#pragma clang attribute push(__attribute__((target("avx2,fma"))), \
                             apply_to = function)
namespace ctorch::avx2 {
#include "AllKernels.h"
}
#pragma clang attribute pop

namespace ctorch {
extern const KernelTable kernels_avx2 = avx2::table("avx2");
}
