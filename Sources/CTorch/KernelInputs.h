// What the autograd nodes over Patina's kernels share.
#pragma once
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "Boundary.h"
#include "Kernels/Select.h"

namespace ctorch {

constexpr auto channels_last = at::MemoryFormat::ChannelsLast;

inline bool is_half(const at::Tensor &x) { return x.scalar_type() == at::kBFloat16; }

/// The image as a kernel takes it: in autocast's type where that is on.
inline at::Tensor lowered(const at::Tensor &x) {
  if (x.scalar_type() != at::kFloat || !at::autocast::is_autocast_enabled(at::kCPU)) return x;
  return x.to(at::autocast::get_autocast_dtype(at::kCPU));
}

/// Images on the CPU that are, or will be under autocast, float32 or bfloat16.
inline bool is_image(const at::Tensor &x) {
  const auto type = x.scalar_type();
  const bool taken = type == at::kBFloat16 ||
                     (type == at::kFloat && (!at::autocast::is_autocast_enabled(at::kCPU) ||
                                             at::autocast::get_autocast_dtype(at::kCPU) == at::kBFloat16));
  return taken && x.device().is_cpu() && x.dim() == 4 && x.numel() > 0;
}

/// Weights and biases as the kernels take them.
inline bool is_plain(const at::Tensor &x) {
  return x.device().is_cpu() && x.scalar_type() == at::kFloat && x.is_contiguous();
}

}  // namespace ctorch
