extern "C" {
#include "CTorch.h"
}
#include <ATen/ATen.h>
#include <torch/version.h>
extern "C" const char *ct_version(void) { at::Tensor t; return TORCH_VERSION; }
