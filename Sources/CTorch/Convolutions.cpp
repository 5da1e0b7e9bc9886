// The 3 × 3 convolution with a mirrored margin, by Patina's own kernels where they fit and by libtorch elsewhere.
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "Boundary.h"
#include "Kernels/Select.h"

using namespace ctorch;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

constexpr auto channels_last = at::MemoryFormat::ChannelsLast;

WinogradShape shape_of(const at::Tensor &x, const at::Tensor &weight) {
  return {int(x.size(0)), int(x.size(2)), int(x.size(3)), int(x.size(1)), int(weight.size(0)), Margin::reflection};
}

struct WinogradNode : torch::autograd::Function<WinogradNode> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const std::optional<at::Tensor> &bias, const std::string &name) {
    const auto &table = *kernels(name);
    const auto x = input.contiguous(channels_last);
    const auto s = shape_of(x, weight);
    const bool half = x.scalar_type() == at::kBFloat16;
    auto y = at::empty({s.images, s.outputs, s.out_height(), s.out_width()}, x.options(), channels_last);
    Scratch scratch;
    table.winograd_forward(s, half, s.tile(), x.data_ptr(), weight.data_ptr<float>(),
                           bias ? bias->data_ptr<float>() : nullptr, y.data_ptr(), at::get_num_threads(),
                           scratch);
    context->save_for_backward({x, weight});
    context->saved_data["name"] = name;
    context->saved_data["bias"] = bias.has_value();
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1];
    const auto &table = *kernels(context->saved_data["name"].toStringRef());
    const auto s = shape_of(x, weight);
    const bool half = x.scalar_type() == at::kBFloat16;
    const auto gy = gradients[0].to(x.scalar_type()).contiguous(channels_last);
    at::Tensor dx, dw, db;
    if (context->needs_input_grad(0)) dx = at::empty_like(x);
    if (context->needs_input_grad(1)) dw = at::empty_like(weight);
    if (context->saved_data["bias"].toBool() && context->needs_input_grad(2)) db = gy.sum({0, 2, 3}, false, at::kFloat);
    if (dx.defined() || dw.defined()) {
      Scratch scratch;
      table.winograd_backward(s, half, s.tile(), x.data_ptr(), gy.data_ptr(), weight.data_ptr<float>(),
                              dx.defined() ? dx.data_ptr() : nullptr, dw.defined() ? dw.data_ptr<float>() : nullptr,
                              at::get_num_threads(), scratch);
    }
    return {dx, dw, db, at::Tensor()};
  }
};

bool fits(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
  return x.device().is_cpu() && x.dim() == 4 && weight.dim() == 4 && weight.size(1) == x.size(1) &&
         weight.size(2) == 3 && weight.size(3) == 3 && x.size(2) >= 2 && x.size(3) >= 2 && x.size(0) > 0 &&
         weight.size(0) >= 16 && weight.size(1) >= 16 && weight.scalar_type() == at::kFloat && weight.is_contiguous() &&
         (!bias || (bias->scalar_type() == at::kFloat && bias->is_contiguous() && bias->numel() == weight.size(0))) &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

}  // namespace

extern "C" {

CTTensor *ct_conv3x3_reflected(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, const char *name,
                               CTErrorOut error) {
  return made(error, [&] {
    const auto offset = optional(bias);
    if (kernels(name) != nullptr && fits(x->value, weight->value, offset)) {
      auto input = x->value;
      if (at::autocast::is_autocast_enabled(at::kCPU)) input = input.to(at::autocast::get_autocast_dtype(at::kCPU));
      if (input.scalar_type() == at::kFloat || input.scalar_type() == at::kBFloat16) {
        return WinogradNode::apply(input, weight->value, offset, std::string(name));
      }
    }
    return at::conv2d(at::reflection_pad2d(x->value, {1, 1, 1, 1}), weight->value, offset);
  });
}

}  // extern "C"
