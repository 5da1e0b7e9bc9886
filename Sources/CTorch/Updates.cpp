// In-place changes and optimizer steps: what happens to weights outside the graph.
#include "Boundary.h"

using namespace ctorch;

extern "C" {

bool ct_zero_in_place(CTTensor *x, CTErrorOut error) {
  return done(error, [&] { x->value.zero_(); });
}
bool ct_fill_in_place(CTTensor *x, double value, CTErrorOut error) {
  return done(error, [&] { x->value.fill_(value); });
}
bool ct_copy_in_place(CTTensor *x, const CTTensor *source, CTErrorOut error) {
  return done(error, [&] {
    TORCH_CHECK(x->value.sizes() == source->value.sizes(), "a tensor of shape ", source->value.sizes(),
                " was to be copied into one of shape ", x->value.sizes());
    x->value.copy_(source->value);
  });
}
bool ct_scale_in_place(CTTensor *x, double scale, CTErrorOut error) {
  return done(error, [&] { x->value.mul_(scale); });
}
bool ct_add_in_place(CTTensor *x, const CTTensor *y, double scale, CTErrorOut error) {
  return done(error, [&] { x->value.add_(y->value, exact(scale)); });
}
bool ct_lerp_in_place(CTTensor *x, const CTTensor *y, double weight, CTErrorOut error) {
  return done(error, [&] { x->value.lerp_(y->value, weight); });
}
bool ct_addcmul_in_place(CTTensor *x, const CTTensor *y, const CTTensor *z, double scale, CTErrorOut error) {
  return done(error, [&] { x->value.addcmul_(y->value, z->value, scale); });
}
bool ct_addcdiv_in_place(CTTensor *x, const CTTensor *y, const CTTensor *z, double scale, CTErrorOut error) {
  return done(error, [&] { x->value.addcdiv_(y->value, z->value, scale); });
}
bool ct_normal_in_place(CTTensor *x, double mean, double deviation, CTGenerator *generator, CTErrorOut error) {
  return done(error, [&] { x->value.normal_(mean, deviation, generator->value); });
}
bool ct_uniform_in_place(CTTensor *x, double low, double high, CTGenerator *generator, CTErrorOut error) {
  return done(error, [&] { x->value.uniform_(low, high, generator->value); });
}

bool ct_adam_step(CTTensor *const *parameters, CTTensor *const *gradients, CTTensor *const *first_moments,
                  CTTensor *const *second_moments, int32_t count, int64_t step, double rate, double beta1, double beta2,
                  double epsilon, double weight_decay, bool decoupled, const CTTensor *skip, CTErrorOut error) {
  return done(error, [&] {
    if (count == 0) return;
    const auto weights = values(parameters, count);
    std::vector<at::Tensor> steps;
    steps.reserve(count);
    const auto options = at::TensorOptions().dtype(at::kFloat).device(weights[0].device());
    const auto counted = at::full({}, static_cast<double>(step), options);
    for (int32_t i = 0; i < count; i++) steps.push_back(counted);
    const auto slopes = values(gradients, count);
    const auto first = values(first_moments, count), second = values(second_moments, count);
    constexpr bool amsgrad = false, maximize = false;
    if (decoupled) {
      at::_fused_adamw_(weights, slopes, first, second, {}, steps, rate, beta1, beta2, weight_decay, epsilon, amsgrad,
                        maximize, /*grad_scale=*/std::nullopt, optional(skip));
    } else {
      at::_fused_adam_(weights, slopes, first, second, {}, steps, rate, beta1, beta2, weight_decay, epsilon, amsgrad,
                       maximize, /*grad_scale=*/std::nullopt, optional(skip));
    }
  });
}

}  // extern "C"
