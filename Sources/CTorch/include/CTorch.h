// The C face of libtorch: opaque handles, an error out-parameter, no C++ type and no exception beyond this line.
//
// Every function that can fail takes `error` last. On failure it returns NULL (or false, or 0) and sets *error to a value
// that the caller frees with ct_error_free. Returned tensors and generators belong to the caller.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma clang assume_nonnull begin

typedef struct CTTensor CTTensor;
typedef struct CTGenerator CTGenerator;
typedef struct CTError CTError;
typedef CTError *_Nullable *_Nonnull CTErrorOut;

// --- Errors ---------------------------------------------------------------------------------------------------------
typedef enum { CT_ERROR_TORCH = 0, CT_ERROR_MEMORY = 1, CT_ERROR_OTHER = 2 } CTErrorKind;
const char *ct_error_message(const CTError *error);
CTErrorKind ct_error_kind(const CTError *error);
void ct_error_free(CTError *error);

// --- Runtime --------------------------------------------------------------------------------------------------------
const char *ct_built_version(void);                    // the headers' version, fixed when this was compiled
const char *_Nullable ct_running_version(CTErrorOut);  // the version of the library that was loaded
const char *ct_cpu_capability(void);
int32_t ct_thread_count(void);
// Whose kernels `automatic` means on this machine: amx, avx512bf16, avx512, avx2 or libtorch. Lives as long as the process.
const char *_Nullable ct_chosen_kernels(CTErrorOut);
bool ct_set_thread_count(int32_t count, CTErrorOut);
// Calls body(context, 0) and body(context, 1): where operations have two threads each gets one of them, else in turn.
void ct_side_by_side(void (*body)(void *context, int32_t which), void *context);
double ct_multiply_adds(int64_t rounds, bool half, CTErrorOut);  // 0 on error
// Keeps freed memory for the next tensor instead of giving it back to the system, for the whole process.
void ct_keep_freed_memory(void);
void ct_tensor_memory(int64_t *used, int64_t *held);
int32_t ct_cuda_device_count(CTErrorOut);              // loads libtorch_cuda on first call; fails with the reason
// For the whole process: cuDNN times its algorithms and keeps the fastest (else it takes deterministic ones), and float32
// convolutions and matrix products may be computed in TF32.
bool ct_configure_cuda(bool times_algorithms, bool allow_tf32, CTErrorOut);
bool ct_is_gradient_enabled(void);
void ct_set_gradient_enabled(bool enabled);
// Mixed precision on one device (0 CPU, 1 CUDA) for the calling thread. Returns whether it was on before.
// type −1: the one that was set last.
bool ct_set_autocast(int32_t device, bool enabled, int32_t type, CTErrorOut);
void ct_clear_autocast_cache(void);

// --- Generators -----------------------------------------------------------------------------------------------------
CTGenerator *_Nullable ct_generator(int32_t device, int32_t index, uint64_t seed, CTErrorOut);
void ct_generator_free(CTGenerator *generator);
CTTensor *_Nullable ct_generator_state(const CTGenerator *generator, CTErrorOut);
bool ct_generator_set_state(CTGenerator *generator, const CTTensor *state, CTErrorOut);

// --- Tensors: life and looks ----------------------------------------------------------------------------------------
// Types: 0 float32, 1 bfloat16, 2 float16, 3 float64, 4 int64, 5 int32, 6 uint8, 7 bool. Devices: 0 CPU, 1 CUDA.
void ct_free(CTTensor *tensor);
int32_t ct_rank(const CTTensor *x);
void ct_shape(const CTTensor *x, int64_t *shape);
int64_t ct_count(const CTTensor *x);
int32_t ct_type(const CTTensor *x);  // −1: a type outside the list above
int32_t ct_device(const CTTensor *x);
int32_t ct_device_index(const CTTensor *x);
bool ct_is_contiguous(const CTTensor *x, bool channels_last);
bool ct_requires_gradient(const CTTensor *x);
bool ct_shares_storage(const CTTensor *x, const CTTensor *y);
// Copies of the elements, in row-major order, as bytes of the tensor's own type.
bool ct_read(const CTTensor *x, void *bytes, int64_t count, CTErrorOut);
double ct_item(const CTTensor *x, CTErrorOut);

// To a CUDA device the bytes go through page-locked memory, and the call does not wait for the copy.
CTTensor *_Nullable ct_from_bytes(const void *bytes, const int64_t *shape, int32_t rank, int32_t type, int32_t device,
                                  int32_t index, CTErrorOut);
CTTensor *_Nullable ct_full(const int64_t *shape, int32_t rank, double value, int32_t type, int32_t device,
                            int32_t index, CTErrorOut);
CTTensor *_Nullable ct_zeros_like(const CTTensor *x, CTErrorOut);  // the strides of x too
CTTensor *_Nullable ct_arange(double start, double end, double step, int32_t type, CTErrorOut);
CTTensor *_Nullable ct_normal(const int64_t *shape, int32_t rank, double mean, double deviation, int32_t type,
                              CTGenerator *generator, CTErrorOut);
CTTensor *_Nullable ct_uniform(const int64_t *shape, int32_t rank, double low, double high, int32_t type,
                               CTGenerator *generator, CTErrorOut);
CTTensor *_Nullable ct_random_integers(const int64_t *shape, int32_t rank, int64_t low, int64_t high,
                                       CTGenerator *generator, CTErrorOut);
CTTensor *_Nullable ct_random_permutation(int64_t count, CTGenerator *generator, CTErrorOut);
CTTensor *_Nullable ct_multinomial(const CTTensor *weights, int64_t count, bool replacement, CTGenerator *generator,
                                   CTErrorOut);
CTTensor *_Nullable ct_one_hot(const CTTensor *indices, int64_t classes, CTErrorOut);
CTTensor *_Nullable ct_to(const CTTensor *x, int32_t type, int32_t device, int32_t index, CTErrorOut);
CTTensor *_Nullable ct_contiguous(const CTTensor *x, bool channels_last, CTErrorOut);
// The elements of x in memory as those of y, which has the same shape; x itself where they lie so already.
CTTensor *_Nullable ct_laid_out_like(const CTTensor *x, const CTTensor *y, CTErrorOut);

// --- Gradients ------------------------------------------------------------------------------------------------------
bool ct_set_requires_gradient(CTTensor *x, bool value, CTErrorOut);
CTTensor *_Nullable ct_gradient(const CTTensor *x, CTErrorOut);  // NULL without an error: there is none
bool ct_set_gradient(CTTensor *x, const CTTensor *_Nullable gradient, CTErrorOut);
// From several tensors at once; a scalar's gradient may be NULL.
bool ct_backward(const CTTensor *_Nonnull const *_Nonnull roots, const CTTensor *_Nullable const *_Nonnull gradients,
                 int32_t count, bool keep_graph, CTErrorOut);
// Gradients of `output` with respect to each input into `gradients`; NULL where an input was not used.
bool ct_gradients(const CTTensor *output, const CTTensor *_Nullable cotangent,
                  const CTTensor *_Nonnull const *_Nonnull inputs, int32_t count, bool keep_graph, bool create_graph,
                  CTTensor *_Nullable *_Nonnull gradients, CTErrorOut);

// Shapes of the functions that follow.
#define CT_UNARY(name) CTTensor *_Nullable name(const CTTensor *x, CTErrorOut)
#define CT_BINARY(name) CTTensor *_Nullable name(const CTTensor *x, const CTTensor *y, CTErrorOut)
#define CT_WITH_SCALAR(name) CTTensor *_Nullable name(const CTTensor *x, double scalar, CTErrorOut)
#define CT_REDUCTION(name) \
  CTTensor *_Nullable name(const CTTensor *x, const int64_t *_Nullable dims, int32_t count, bool keep, CTErrorOut)
#define CT_ALONG(name) CTTensor *_Nullable name(const CTTensor *x, int64_t dim, CTErrorOut)
#define CT_IN_PLACE(name) bool name(CTTensor *x, CTErrorOut)
#define CT_IN_PLACE_BINARY(name) bool name(CTTensor *x, const CTTensor *y, double scalar, CTErrorOut)

// --- Element by element ---------------------------------------------------------------------------------------------
CT_UNARY(ct_detach); CT_UNARY(ct_clone); CT_UNARY(ct_neg); CT_UNARY(ct_abs); CT_UNARY(ct_sign); CT_UNARY(ct_exp);
CT_UNARY(ct_expm1); CT_UNARY(ct_log); CT_UNARY(ct_log1p); CT_UNARY(ct_log2); CT_UNARY(ct_sqrt); CT_UNARY(ct_rsqrt);
CT_UNARY(ct_square); CT_UNARY(ct_reciprocal); CT_UNARY(ct_sin); CT_UNARY(ct_cos); CT_UNARY(ct_erf); CT_UNARY(ct_tanh);
CT_UNARY(ct_sigmoid); CT_UNARY(ct_log_sigmoid); CT_UNARY(ct_relu); CT_UNARY(ct_silu); CT_UNARY(ct_gelu);
CT_UNARY(ct_softplus); CT_UNARY(ct_round); CT_UNARY(ct_floor); CT_UNARY(ct_ceil); CT_UNARY(ct_isnan);
CT_UNARY(ct_isfinite); CT_UNARY(ct_logical_not);

CT_BINARY(ct_mul); CT_BINARY(ct_div); CT_BINARY(ct_minimum); CT_BINARY(ct_maximum); CT_BINARY(ct_pow); CT_BINARY(ct_eq);
CT_BINARY(ct_ne); CT_BINARY(ct_lt); CT_BINARY(ct_le); CT_BINARY(ct_gt); CT_BINARY(ct_ge); CT_BINARY(ct_logical_and);
CT_BINARY(ct_logical_or); CT_BINARY(ct_atan2);
CTTensor *_Nullable ct_add(const CTTensor *x, const CTTensor *y, double scale, CTErrorOut);  // x + scale · y

CT_WITH_SCALAR(ct_add_scalar); CT_WITH_SCALAR(ct_mul_scalar); CT_WITH_SCALAR(ct_pow_scalar);
CT_WITH_SCALAR(ct_eq_scalar); CT_WITH_SCALAR(ct_ne_scalar); CT_WITH_SCALAR(ct_lt_scalar); CT_WITH_SCALAR(ct_le_scalar);
CT_WITH_SCALAR(ct_gt_scalar); CT_WITH_SCALAR(ct_ge_scalar); CT_WITH_SCALAR(ct_leaky_relu); CT_WITH_SCALAR(ct_elu);
CTTensor *_Nullable ct_clamp(const CTTensor *x, double low, double high, CTErrorOut);
CTTensor *_Nullable ct_where(const CTTensor *condition, const CTTensor *x, const CTTensor *y, CTErrorOut);
CTTensor *_Nullable ct_lerp(const CTTensor *x, const CTTensor *y, double weight, CTErrorOut);

// --- Reductions -----------------------------------------------------------------------------------------------------
CT_REDUCTION(ct_sum); CT_REDUCTION(ct_mean); CT_REDUCTION(ct_amax); CT_REDUCTION(ct_amin);
CT_REDUCTION(ct_logsumexp); CT_REDUCTION(ct_any); CT_REDUCTION(ct_all);
CTTensor *_Nullable ct_variance(const CTTensor *x, const int64_t *_Nullable dims, int32_t count, double correction,
                                bool keep, CTErrorOut);
CTTensor *_Nullable ct_norm(const CTTensor *x, double order, const int64_t *_Nullable dims, int32_t count, bool keep,
                            CTErrorOut);
CT_ALONG(ct_argmax); CT_ALONG(ct_argmin); CT_ALONG(ct_cumsum); CT_ALONG(ct_softmax); CT_ALONG(ct_log_softmax);
bool ct_sort(const CTTensor *x, int64_t dim, bool descending, CTTensor *_Nullable *_Nonnull values,
             CTTensor *_Nullable *_Nonnull indices, CTErrorOut);
bool ct_topk(const CTTensor *x, int64_t k, int64_t dim, bool largest, CTTensor *_Nullable *_Nonnull values,
             CTTensor *_Nullable *_Nonnull indices, CTErrorOut);
CTTensor *_Nullable ct_histogram(const CTTensor *x, int64_t bins, double low, double high, CTErrorOut);

// --- Shape and indexing ---------------------------------------------------------------------------------------------
CTTensor *_Nullable ct_reshape(const CTTensor *x, const int64_t *shape, int32_t rank, CTErrorOut);
CTTensor *_Nullable ct_permute(const CTTensor *x, const int64_t *dims, int32_t rank, CTErrorOut);
CTTensor *_Nullable ct_expand(const CTTensor *x, const int64_t *shape, int32_t rank, CTErrorOut);
CTTensor *_Nullable ct_repeat(const CTTensor *x, const int64_t *times, int32_t rank, CTErrorOut);
CTTensor *_Nullable ct_flip(const CTTensor *x, const int64_t *dims, int32_t count, CTErrorOut);
CTTensor *_Nullable ct_flatten(const CTTensor *x, int64_t start, int64_t end, CTErrorOut);
CTTensor *_Nullable ct_transpose(const CTTensor *x, int64_t first, int64_t second, CTErrorOut);
CT_ALONG(ct_squeeze); CT_ALONG(ct_unsqueeze);
CTTensor *_Nullable ct_roll(const CTTensor *x, int64_t shift, int64_t dim, CTErrorOut);
CTTensor *_Nullable ct_slice(const CTTensor *x, int64_t dim, int64_t start, int64_t end, int64_t step, CTErrorOut);
CTTensor *_Nullable ct_select(const CTTensor *x, int64_t dim, int64_t index, CTErrorOut);
CTTensor *_Nullable ct_index_select(const CTTensor *x, int64_t dim, const CTTensor *indices, CTErrorOut);
CTTensor *_Nullable ct_gather(const CTTensor *x, int64_t dim, const CTTensor *indices, CTErrorOut);
CTTensor *_Nullable ct_scatter_add(const CTTensor *x, int64_t dim, const CTTensor *indices, const CTTensor *source,
                                   CTErrorOut);
CT_BINARY(ct_masked_select);
CTTensor *_Nullable ct_masked_fill(const CTTensor *x, const CTTensor *mask, double value, CTErrorOut);
CT_UNARY(ct_nonzero);
CTTensor *_Nullable ct_cat(const CTTensor *_Nonnull const *_Nonnull tensors, int32_t count, int64_t dim, CTErrorOut);
CTTensor *_Nullable ct_stack(const CTTensor *_Nonnull const *_Nonnull tensors, int32_t count, int64_t dim, CTErrorOut);
// mode: 0 constant, 1 reflect, 2 replicate. amounts: pairs from the last dimension backwards, as in PyTorch.
CTTensor *_Nullable ct_pad(const CTTensor *x, const int64_t *amounts, int32_t count, int32_t mode, double value,
                           CTErrorOut);
CTTensor *_Nullable ct_triangle(const CTTensor *x, int64_t diagonal, bool upper, CTErrorOut);

// --- Linear algebra -------------------------------------------------------------------------------------------------
CT_BINARY(ct_matmul);
CTTensor *_Nullable ct_linear(const CTTensor *x, const CTTensor *weight, const CTTensor *_Nullable bias, CTErrorOut);
CTTensor *_Nullable ct_einsum(const char *equation, const CTTensor *_Nonnull const *_Nonnull tensors, int32_t count,
                              CTErrorOut);
CTTensor *_Nullable ct_eigenvalues_symmetric(const CTTensor *x, CTErrorOut);
bool ct_eigen_symmetric(const CTTensor *x, CTTensor *_Nullable *_Nonnull values, CTTensor *_Nullable *_Nonnull vectors,
                        CTErrorOut);
bool ct_svd(const CTTensor *x, CTTensor *_Nullable *_Nonnull u, CTTensor *_Nullable *_Nonnull s,
            CTTensor *_Nullable *_Nonnull vh, CTErrorOut);
CT_BINARY(ct_solve);
CT_UNARY(ct_cholesky);

// --- Networks -------------------------------------------------------------------------------------------------------
// kernels: whose code computes it (automatic, amx, avx512bf16, avx512, avx2, libtorch); what the named ones do not take (types,
// devices, shapes) goes to libtorch. dead_bias: an instance norm follows, which the bias does not get through; it need not
// be added, and its gradient may be 0.
CTTensor *_Nullable ct_conv2d(const CTTensor *x, const CTTensor *weight, const CTTensor *_Nullable bias,
                              const int64_t stride[_Nonnull 2], const int64_t padding[_Nonnull 2],
                              const int64_t dilation[_Nonnull 2], int64_t groups, bool dead_bias, const char *kernels,
                              CTErrorOut);
// 3 × 3, stride 1, after a mirrored margin of one pixel.
CTTensor *_Nullable ct_conv3x3_reflected(const CTTensor *x, const CTTensor *weight, const CTTensor *_Nullable bias,
                                         bool dead_bias, const char *kernels, CTErrorOut);
CTTensor *_Nullable ct_conv_transpose2d(const CTTensor *x, const CTTensor *weight, const CTTensor *_Nullable bias,
                                        const int64_t stride[_Nonnull 2], const int64_t padding[_Nonnull 2],
                                        const int64_t output_padding[_Nonnull 2], int64_t groups,
                                        const int64_t dilation[_Nonnull 2], bool dead_bias, const char *kernels,
                                        CTErrorOut);
CTTensor *_Nullable ct_max_pool2d(const CTTensor *x, const int64_t kernel[_Nonnull 2], const int64_t stride[_Nonnull 2],
                                  const int64_t padding[_Nonnull 2], CTErrorOut);
CTTensor *_Nullable ct_avg_pool2d(const CTTensor *x, const int64_t kernel[_Nonnull 2], const int64_t stride[_Nonnull 2],
                                  const int64_t padding[_Nonnull 2], bool count_padding, CTErrorOut);
CTTensor *_Nullable ct_adaptive_avg_pool2d(const CTTensor *x, const int64_t size[_Nonnull 2], CTErrorOut);
// mode: 0 nearest, 1 bilinear, 2 bicubic (both without aligned corners), 3 area.
CTTensor *_Nullable ct_resize(const CTTensor *x, const int64_t size[_Nonnull 2], int32_t mode, bool antialias,
                              CTErrorOut);
CTTensor *_Nullable ct_instance_norm(const CTTensor *x, const CTTensor *_Nullable weight,
                                     const CTTensor *_Nullable bias, double epsilon, CTErrorOut);
// Not affine, then max(v, slope · v), then the residual added.
CTTensor *_Nullable ct_instance_norm_with(const CTTensor *x, double epsilon, double slope,
                                          const CTTensor *_Nullable residual, const char *kernels, CTErrorOut);
CTTensor *_Nullable ct_batch_norm(const CTTensor *x, const CTTensor *_Nullable weight, const CTTensor *_Nullable bias,
                                  CTTensor *_Nullable running_mean, CTTensor *_Nullable running_variance,
                                  bool training, double momentum, double epsilon, CTErrorOut);
CTTensor *_Nullable ct_group_norm(const CTTensor *x, int64_t groups, const CTTensor *_Nullable weight,
                                  const CTTensor *_Nullable bias, double epsilon, CTErrorOut);
CTTensor *_Nullable ct_layer_norm(const CTTensor *x, const int64_t *shape, int32_t rank,
                                  const CTTensor *_Nullable weight, const CTTensor *_Nullable bias, double epsilon,
                                  CTErrorOut);
CTTensor *_Nullable ct_embedding(const CTTensor *weight, const CTTensor *indices, CTErrorOut);

// --- Losses (reduction to the mean) ---------------------------------------------------------------------------------
CT_BINARY(ct_mse_loss); CT_BINARY(ct_l1_loss);
CTTensor *_Nullable ct_smooth_l1_loss(const CTTensor *x, const CTTensor *target, double beta, CTErrorOut);
CTTensor *_Nullable ct_bce_with_logits(const CTTensor *x, const CTTensor *target, const CTTensor *_Nullable weight,
                                       const CTTensor *_Nullable positive_weight, CTErrorOut);
CTTensor *_Nullable ct_cross_entropy(const CTTensor *x, const CTTensor *target, const CTTensor *_Nullable weight,
                                     int64_t ignored, double label_smoothing, CTErrorOut);

// --- In place -------------------------------------------------------------------------------------------------------
CT_IN_PLACE(ct_zero_in_place);
bool ct_fill_in_place(CTTensor *x, double value, CTErrorOut);
bool ct_copy_in_place(CTTensor *x, const CTTensor *source, CTErrorOut);
bool ct_scale_in_place(CTTensor *x, double scale, CTErrorOut);
CT_IN_PLACE_BINARY(ct_add_in_place);   // x += scalar · y
CT_IN_PLACE_BINARY(ct_lerp_in_place);  // x += scalar · (y − x)
bool ct_addcmul_in_place(CTTensor *x, const CTTensor *y, const CTTensor *z, double scale, CTErrorOut);
bool ct_addcdiv_in_place(CTTensor *x, const CTTensor *y, const CTTensor *z, double scale, CTErrorOut);
bool ct_normal_in_place(CTTensor *x, double mean, double deviation, CTGenerator *generator, CTErrorOut);
bool ct_uniform_in_place(CTTensor *x, double low, double high, CTGenerator *generator, CTErrorOut);

// --- Optimizers -----------------------------------------------------------------------------------------------------
// One step of Adam over all parameters at once (at::_fused_adam_), for parameters that have a gradient.
// `step` counts from 1. decoupled: AdamW's weight decay instead of L2. skip: a float32 scalar on the parameters' device;
// where it is 1 nothing is changed, which the device finds out by itself.
bool ct_adam_step(CTTensor *_Nonnull const *_Nonnull parameters, CTTensor *_Nonnull const *_Nonnull gradients,
                  CTTensor *_Nonnull const *_Nonnull first_moments, CTTensor *_Nonnull const *_Nonnull second_moments,
                  int32_t count, int64_t step, double rate, double beta1, double beta2, double epsilon,
                  double weight_decay, bool decoupled, const CTTensor *_Nullable skip, CTErrorOut);

#pragma clang assume_nonnull end
#ifdef __cplusplus
}
#endif
