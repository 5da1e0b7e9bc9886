// Instance norm with the activation and the sum that follow it, by Patina's own kernels where they fit.
#include "KernelInputs.h"

using namespace ctorch;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

struct NormNode : torch::autograd::Function<NormNode> {
  static NormShape shape(const at::Tensor &x, double epsilon, double slope) {
    return {int(x.size(0)), int(x.size(2) * x.size(3)), int(x.size(1)), float(epsilon), float(slope)};
  }

  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const std::optional<at::Tensor> &sum,
                            double epsilon, double slope, const std::string &name) {
    const auto x = input.contiguous(channels_last);
    const auto residual = sum ? sum->to(x.scalar_type()).contiguous(channels_last) : at::Tensor();
    auto y = at::empty_like(x);
    const auto mean = at::empty({x.size(0), x.size(1)}, x.options().dtype(at::kFloat)), rstd = at::empty_like(mean);
    Scratch scratch;
    kernels(name)->norm_forward(shape(x, epsilon, slope), is_half(x), x.data_ptr(),
                                residual.defined() ? residual.data_ptr() : nullptr, y.data_ptr(),
                                mean.data_ptr<float>(), rstd.data_ptr<float>(), at::get_num_threads(), scratch);
    context->save_for_backward({x, mean, rstd});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["slope"] = slope;
    context->saved_data["kernels"] = name;
    context->saved_data["adding"] = residual.defined();
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0];
    const auto gy = gradients[0].to(x.scalar_type()).contiguous(channels_last);
    at::Tensor dx;
    if (context->needs_input_grad(0)) {
      dx = at::empty_like(x);
      Scratch scratch;
      kernels(context->saved_data["kernels"].toStringRef())
          ->norm_backward(shape(x, context->saved_data["epsilon"].toDouble(), context->saved_data["slope"].toDouble()),
                          is_half(x), x.data_ptr(), gy.data_ptr(), saved[1].data_ptr<float>(),
                          saved[2].data_ptr<float>(), dx.data_ptr(), at::get_num_threads(), scratch);
    }
    // Autograd counts the tensors that are there: with no residual there is no second one to ask for.
    const bool adding = context->saved_data["adding"].toBool() && context->needs_input_grad(1);
    return {dx, adding ? gy : at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

at::Tensor instance_norm(const at::Tensor &input, const std::optional<at::Tensor> &weight,
                         const std::optional<at::Tensor> &bias, double epsilon) {
  // For one image the statistics of a batch are its own. batch_norm keeps channels innermost; instance_norm would copy.
  const bool innermost = input.dim() == 4 && !input.is_contiguous() && input.is_contiguous(channels_last);
  if (innermost && input.size(0) == 1) {
    return at::batch_norm(input, weight, bias, std::nullopt, std::nullopt, /*training=*/true, /*momentum=*/0, epsilon,
                          /*cudnn_enabled=*/true);
  }
  auto result = at::instance_norm(input, weight, bias, std::nullopt, std::nullopt, /*use_input_stats=*/true,
                                  /*momentum=*/0, epsilon, /*cudnn_enabled=*/true);
  // On the CPU libtorch (2.11 and 2.13) takes a channels-last gradient of one image for a row-major one: the result is
  // wrong without a word.
  if (result.requires_grad()) result.register_hook([](const at::Tensor &gradient) { return gradient.contiguous(); });
  return result;
}

}  // namespace

extern "C" {

CTTensor *ct_instance_norm(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, double epsilon,
                           CTErrorOut error) {
  return made(error, [&] { return instance_norm(x->value, optional(weight), optional(bias), epsilon); });
}

CTTensor *ct_instance_norm_with(const CTTensor *x, double epsilon, double slope, const CTTensor *residual,
                                const char *name, CTErrorOut error) {
  return made(error, [&] {
    TORCH_CHECK(slope >= 0 && slope <= 1, "the slope of an activation is within 0 … 1, got ", slope);
    const auto sum = optional(residual);
    TORCH_CHECK(!sum || sum->sizes() == x->value.sizes(), "the residual has the shape ",
                sum ? sum->sizes() : x->value.sizes(), ", the image ", x->value.sizes());
    if (kernels(name) != nullptr && is_image(x->value) && x->value.size(2) * x->value.size(3) > 1 &&
        (!sum || sum->device().is_cpu())) {
      return NormNode::apply(x->value, sum, epsilon, slope, std::string(name));
    }
    auto y = instance_norm(x->value, std::nullopt, std::nullopt, epsilon);
    if (slope == 0) y = at::relu(y);
    if (slope > 0 && slope < 1) y = at::leaky_relu(y, slope);
    return sum ? *sum + y : y;
  });
}

}  // extern "C"
