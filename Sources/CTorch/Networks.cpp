// Pooling, resizing, normalisation (but instance norm), losses.
#include "Boundary.h"

using namespace ctorch;

extern "C" {

CTTensor *ct_max_pool2d(const CTTensor *x, const int64_t kernel[2], const int64_t stride[2], const int64_t padding[2],
                        CTErrorOut error) {
  return made(error, [&] { return at::max_pool2d(x->value, pair(kernel), pair(stride), pair(padding)); });
}
CTTensor *ct_avg_pool2d(const CTTensor *x, const int64_t kernel[2], const int64_t stride[2], const int64_t padding[2],
                        bool count_padding, CTErrorOut error) {
  return made(error, [&] {
    return at::avg_pool2d(x->value, pair(kernel), pair(stride), pair(padding), /*ceil_mode=*/false, count_padding);
  });
}
CTTensor *ct_adaptive_avg_pool2d(const CTTensor *x, const int64_t size[2], CTErrorOut error) {
  return made(error, [&] { return at::adaptive_avg_pool2d(x->value, pair(size)); });
}
CTTensor *ct_resize(const CTTensor *x, const int64_t size[2], int32_t mode, bool antialias, CTErrorOut error) {
  return made(error, [&] {
    TORCH_CHECK(mode >= 0 && mode < 4, "no such resizing mode: ", mode);
    TORCH_CHECK(!antialias || mode == 1 || mode == 2, "antialiasing exists for bilinear and bicubic resizing only");
    if (mode == 0) return at::upsample_nearest2d(x->value, pair(size));
    if (mode == 3) return at::adaptive_avg_pool2d(x->value, pair(size));
    if (antialias) {
      return mode == 1 ? at::_upsample_bilinear2d_aa(x->value, pair(size), false)
                       : at::_upsample_bicubic2d_aa(x->value, pair(size), false);
    }
    return mode == 1 ? at::upsample_bilinear2d(x->value, pair(size), false)
                     : at::upsample_bicubic2d(x->value, pair(size), false);
  });
}
CTTensor *ct_batch_norm(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, CTTensor *running_mean,
                        CTTensor *running_variance, bool training, double momentum, double epsilon, CTErrorOut error) {
  return made(error, [&] {
    return at::batch_norm(x->value, optional(weight), optional(bias), optional(running_mean),
                          optional(running_variance), training, momentum, epsilon, /*cudnn_enabled=*/true);
  });
}
CTTensor *ct_group_norm(const CTTensor *x, int64_t groups, const CTTensor *weight, const CTTensor *bias, double epsilon,
                        CTErrorOut error) {
  return made(error, [&] { return at::group_norm(x->value, groups, optional(weight), optional(bias), epsilon); });
}
CTTensor *ct_layer_norm(const CTTensor *x, const int64_t *shape, int32_t rank, const CTTensor *weight,
                        const CTTensor *bias, double epsilon, CTErrorOut error) {
  return made(error,
              [&] { return at::layer_norm(x->value, list(shape, rank), optional(weight), optional(bias), epsilon); });
}
CTTensor *ct_embedding(const CTTensor *weight, const CTTensor *indices, CTErrorOut error) {
  return made(error, [&] { return at::embedding(weight->value, indices->value); });
}

CTTensor *ct_mse_loss(const CTTensor *x, const CTTensor *y, CTErrorOut error) {
  return made(error, [&] { return at::mse_loss(x->value, y->value); });
}
CTTensor *ct_l1_loss(const CTTensor *x, const CTTensor *y, CTErrorOut error) {
  return made(error, [&] { return at::l1_loss(x->value, y->value); });
}
CTTensor *ct_smooth_l1_loss(const CTTensor *x, const CTTensor *target, double beta, CTErrorOut error) {
  return made(error, [&] { return at::smooth_l1_loss(x->value, target->value, at::Reduction::Mean, beta); });
}
CTTensor *ct_bce_with_logits(const CTTensor *x, const CTTensor *target, const CTTensor *weight,
                             const CTTensor *positive_weight, CTErrorOut error) {
  return made(error, [&] {
    return at::binary_cross_entropy_with_logits(x->value, target->value, optional(weight), optional(positive_weight));
  });
}
CTTensor *ct_cross_entropy(const CTTensor *x, const CTTensor *target, const CTTensor *weight, int64_t ignored,
                           double label_smoothing, CTErrorOut error) {
  return made(error, [&] {
    return at::cross_entropy_loss(x->value, target->value, optional(weight), at::Reduction::Mean, ignored,
                                  label_smoothing);
  });
}

}  // extern "C"
