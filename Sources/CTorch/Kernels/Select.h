// Which kernels this processor gets.
#pragma once
#include <string>

#include "KernelTable.h"

namespace ctorch {

/// The kernels by name (`amx`, `avx512bf16`, `avx512`, `avx2`), or with `automatic` the best that this processor runs. Null for
/// `libtorch`, and where there are none.
///
/// The environment variable PATINA_KERNELS names another choice for `automatic`. A build without optimisation has none:
/// vector code is slower than libtorch there.
const KernelTable *kernels(const std::string &name);

}  // namespace ctorch
