// The kernels for processors with a matrix unit for bfloat16 (AMX: Sapphire Rapids and later).
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "KernelTable.h"

#define PATINA_VECTOR 512
#define PATINA_BF16 1
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,prfchw,amx-tile,amx-bf16"))), \
                             apply_to = function)
namespace ctorch::amx {
#include "AllKernels.h"
#include "MatrixKernels.h"
}
#pragma clang attribute pop

namespace ctorch {
extern const KernelTable kernels_amx = amx::matrix_table("amx");
}
