// Convolutions, by Patina's own kernels where they fit and by libtorch elsewhere.
#include "KernelInputs.h"

using namespace ctorch;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

/// What the nodes keep of a call, as autograd wants it.
struct Call {
  std::string kernels;
  bool biased;
  bool dead_bias;  // in front of an instance norm, which takes every constant away: not added, and its gradient is 0

  void keep(AutogradContext *context) const {
    context->saved_data["kernels"] = kernels;
    context->saved_data["biased"] = biased;
    context->saved_data["dead_bias"] = dead_bias;
  }
  static const KernelTable &table(AutogradContext *context) {
    return *ctorch::kernels(context->saved_data["kernels"].toStringRef());
  }
};

const float *data(const at::Tensor &x) { return x.defined() ? x.data_ptr<float>() : nullptr; }
float *space(at::Tensor &x) { return x.defined() ? x.data_ptr<float>() : nullptr; }
void *any(at::Tensor &x) { return x.defined() ? x.data_ptr() : nullptr; }

/// The bias that is added, or nothing.
const float *added(const std::optional<at::Tensor> &bias, bool dead) {
  return bias && !dead ? bias->data_ptr<float>() : nullptr;
}

/// Autograd counts the tensors that are there: with no bias there is no third one to ask for.
at::Tensor bias_gradient(AutogradContext *context, const at::Tensor &gy) {
  if (!context->saved_data["biased"].toBool() || !context->needs_input_grad(2)) return {};
  const auto options = gy.options().dtype(at::kFloat).memory_format(std::nullopt);
  if (context->saved_data["dead_bias"].toBool()) return at::zeros({gy.size(1)}, options);
  return gy.sum({0, 2, 3}, false, at::kFloat);
}

at::Tensor image_like(const at::Tensor &x, int64_t images, int64_t channels, int64_t height, int64_t width) {
  return at::empty({images, channels, height, width}, x.options(), channels_last);
}

struct WinogradNode : torch::autograd::Function<WinogradNode> {
  static WinogradShape shape(const at::Tensor &x, const at::Tensor &weight) {
    return {int(x.size(0)), int(x.size(2)), int(x.size(3)), int(x.size(1)), int(weight.size(0)), Margin::reflection};
  }

  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const std::optional<at::Tensor> &bias, const Call &call) {
    call.keep(context);
    const auto x = input.contiguous(channels_last);
    const auto s = shape(x, weight);
    auto y = image_like(x, s.images, s.outputs, s.out_height(), s.out_width());
    Scratch scratch;
    Call::table(context).winograd_forward(s, is_half(x), s.tile(), x.data_ptr(), data(weight),
                                          added(bias, call.dead_bias), y.data_ptr(), at::get_num_threads(), scratch);
    context->save_for_backward({x, weight});
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1];
    const auto s = shape(x, weight);
    const auto gy = gradients[0].to(x.scalar_type()).contiguous(channels_last);
    at::Tensor dx, dw;
    if (context->needs_input_grad(0)) dx = at::empty_like(x);
    if (context->needs_input_grad(1)) dw = at::empty_like(weight);
    if (dx.defined() || dw.defined()) {
      Scratch scratch;
      Call::table(context).winograd_backward(s, is_half(x), s.tile(), x.data_ptr(), gy.data_ptr(), data(weight), any(dx),
                                             space(dw), at::get_num_threads(), scratch);
    }
    return {dx, dw, bias_gradient(context, gy), at::Tensor()};
  }
};

/// A convolution with zeros in the margin.
struct DirectNode : torch::autograd::Function<DirectNode> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const std::optional<at::Tensor> &bias, int64_t stride, int64_t padding, const Call &call) {
    call.keep(context);
    const auto x = input.contiguous(channels_last);
    const auto s = shape(x, weight, stride, padding);
    auto y = image_like(x, s.images, s.outputs, s.out_height(), s.out_width());
    Scratch scratch;
    Call::table(context).direct_forward(s, is_half(x), x.data_ptr(), data(weight), added(bias, call.dead_bias),
                                        y.data_ptr(), at::get_num_threads(), scratch);
    context->save_for_backward({x, weight});
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1];
    const auto s = shape(x, weight, context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt());
    const auto gy = gradients[0].to(x.scalar_type()).contiguous(channels_last);
    const auto &table = Call::table(context);
    at::Tensor dx, dw;
    if (context->needs_input_grad(0)) {
      Scratch scratch;
      dx = at::empty_like(x);
      table.direct_input_gradient(s, is_half(x), gy.data_ptr(), data(weight), nullptr, dx.data_ptr(),
                                  at::get_num_threads(), scratch);
    }
    if (context->needs_input_grad(1)) {
      Scratch scratch;
      dw = at::empty_like(weight);
      table.direct_weight_gradient(s, is_half(x), x.data_ptr(), gy.data_ptr(), space(dw), at::get_num_threads(),
                                   scratch);
    }
    return {dx, dw, bias_gradient(context, gy), at::Tensor(), at::Tensor(), at::Tensor()};
  }

  static ConvolutionShape shape(const at::Tensor &x, const at::Tensor &weight, int64_t stride, int64_t padding) {
    return {int(x.size(0)),      int(x.size(2)),      int(x.size(3)), int(x.size(1)), int(weight.size(0)),
            int(weight.size(2)), int(weight.size(3)), int(stride),    int(padding)};
  }
};

/// A transposed convolution: the input's gradient of the convolution that goes from its output to its input.
struct TransposedNode : torch::autograd::Function<TransposedNode> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const std::optional<at::Tensor> &bias, int64_t stride, int64_t padding,
                            int64_t output_padding, const Call &call) {
    call.keep(context);
    const auto x = input.contiguous(channels_last);
    const auto size = [&](int dim) {
      return (x.size(dim) - 1) * stride - 2 * padding + weight.size(dim) + output_padding;
    };
    auto y = image_like(x, x.size(0), weight.size(1), size(2), size(3));
    Scratch scratch;
    Call::table(context).direct_input_gradient(DirectNode::shape(y, weight, stride, padding), is_half(x), x.data_ptr(),
                                               data(weight), added(bias, call.dead_bias), y.data_ptr(),
                                               at::get_num_threads(), scratch);
    context->save_for_backward({x, weight});
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &weight = saved[1];
    const auto gy = gradients[0].to(x.scalar_type()).contiguous(channels_last);
    const auto s =
        DirectNode::shape(gy, weight, context->saved_data["stride"].toInt(), context->saved_data["padding"].toInt());
    const auto &table = Call::table(context);
    at::Tensor dx, dw;
    if (context->needs_input_grad(0)) {
      Scratch scratch;
      dx = at::empty_like(x);
      table.direct_forward(s, is_half(x), gy.data_ptr(), data(weight), nullptr, dx.data_ptr(), at::get_num_threads(),
                           scratch);
    }
    if (context->needs_input_grad(1)) {
      Scratch scratch;
      dw = at::empty_like(weight);
      table.direct_weight_gradient(s, is_half(x), gy.data_ptr(), x.data_ptr(), space(dw), at::get_num_threads(),
                                   scratch);
    }
    return {dx, dw, bias_gradient(context, gy), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

/// Whether the kernels take these at all; `inputs` and `outputs` are the weight's dimensions of channels.
bool fits(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias, int inputs,
          int outputs) {
  return is_image(x) && weight.dim() == 4 && weight.numel() > 0 && weight.size(inputs) == x.size(1) &&
         is_plain(weight) && (!bias || (is_plain(*bias) && bias->dim() == 1 && bias->size(0) == weight.size(outputs)));
}

/// Few channels on both sides, or few pixels and products, are not worth a layout of their own.
bool is_worth_it(const at::Tensor &weight) { return std::max(weight.size(0), weight.size(1)) >= 16; }

bool is_uniform(const int64_t *pair) { return pair[0] == pair[1]; }
bool is_one(const int64_t *pair) { return pair[0] == 1 && pair[1] == 1; }

}  // namespace

extern "C" {

CTTensor *ct_conv2d(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, const int64_t stride[2],
                    const int64_t padding[2], const int64_t dilation[2], int64_t groups, bool dead_bias,
                    const char *name, CTErrorOut error) {
  return made(error, [&] {
    const auto offset = optional(bias);
    const auto &w = weight->value;
    if (kernels(name) != nullptr && groups == 1 && is_one(dilation) && is_uniform(stride) && is_uniform(padding) &&
        stride[0] >= 1 && stride[0] <= 4 && padding[0] >= 0 && fits(x->value, w, offset, 1, 0) && is_worth_it(w) &&
        w.size(2) * w.size(3) > 1 && x->value.size(2) + 2 * padding[0] >= w.size(2) &&
        x->value.size(3) + 2 * padding[0] >= w.size(3)) {
      return DirectNode::apply(lowered(x->value), w, offset, stride[0], padding[0], Call{name, offset.has_value(), dead_bias});
    }
    return at::conv2d(x->value, w, offset, pair(stride), pair(padding), pair(dilation), groups);
  });
}

CTTensor *ct_conv3x3_reflected(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, bool dead_bias,
                               const char *name, CTErrorOut error) {
  return made(error, [&] {
    const auto offset = optional(bias);
    const auto &w = weight->value;
    if (kernels(name) != nullptr && fits(x->value, w, offset, 1, 0) && w.size(2) == 3 && w.size(3) == 3 &&
        x->value.size(2) >= 2 && x->value.size(3) >= 2 && std::min(w.size(0), w.size(1)) >= 16) {
      return WinogradNode::apply(lowered(x->value), w, offset, Call{name, offset.has_value(), dead_bias});
    }
    return at::conv2d(at::reflection_pad2d(x->value, {1, 1, 1, 1}), w, offset);
  });
}

CTTensor *ct_conv_transpose2d(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, const int64_t stride[2],
                              const int64_t padding[2], const int64_t output_padding[2], int64_t groups,
                              const int64_t dilation[2], bool dead_bias, const char *name, CTErrorOut error) {
  return made(error, [&] {
    const auto offset = optional(bias);
    const auto &w = weight->value;
    if (kernels(name) != nullptr && groups == 1 && is_one(dilation) && is_uniform(stride) && is_uniform(padding) &&
        is_uniform(output_padding) && stride[0] >= 1 && stride[0] <= 4 && padding[0] >= 0 &&
        output_padding[0] < stride[0] && fits(x->value, w, offset, 0, 1) && is_worth_it(w) &&
        padding[0] < w.size(2) && padding[0] < w.size(3)) {
      return TransposedNode::apply(lowered(x->value), w, offset, stride[0], padding[0], output_padding[0],
                                   Call{name, offset.has_value(), dead_bias});
    }
    return at::conv_transpose2d(x->value, w, offset, pair(stride), pair(padding), pair(output_padding), groups,
                                pair(dilation));
  });
}

}  // extern "C"
