// Functions of elements, and reductions over them.
#include "Boundary.h"

using namespace ctorch;

#define UNARY(name) \
  CTTensor *ct_##name(const CTTensor *x, CTErrorOut error) { return made(error, [&] { return at::name(x->value); }); }
#define BINARY(name)                                                         \
  CTTensor *ct_##name(const CTTensor *x, const CTTensor *y, CTErrorOut error) { \
    return made(error, [&] { return at::name(x->value, y->value); });        \
  }
#define WITH_SCALAR(name)                                                        \
  CTTensor *ct_##name##_scalar(const CTTensor *x, double scalar, CTErrorOut error) { \
    return made(error, [&] { return at::name(x->value, scalar); });              \
  }
#define ALONG(name)                                                      \
  CTTensor *ct_##name(const CTTensor *x, int64_t dim, CTErrorOut error) { \
    return made(error, [&] { return at::name(x->value, dim); });         \
  }
// Without dims, over everything.
#define REDUCTION(name)                                                                                          \
  CTTensor *ct_##name(const CTTensor *x, const int64_t *dims, int32_t count, bool keep, CTErrorOut error) {      \
    return made(error, [&] { return at::name(x->value, over(x->value, dims, count), keep); });                   \
  }

namespace {
at::DimVector over(const at::Tensor &x, const int64_t *dims, int32_t count) {
  if (count > 0) return at::DimVector(dims, dims + count);
  at::DimVector all(x.dim());
  for (int64_t i = 0; i < x.dim(); i++) all[i] = i;
  return all;
}
}  // namespace

extern "C" {

UNARY(detach) UNARY(clone) UNARY(neg) UNARY(abs) UNARY(sign) UNARY(exp) UNARY(expm1) UNARY(log) UNARY(log1p) UNARY(log2)
UNARY(sqrt) UNARY(rsqrt) UNARY(square) UNARY(reciprocal) UNARY(sin) UNARY(cos) UNARY(erf) UNARY(tanh) UNARY(sigmoid)
UNARY(log_sigmoid) UNARY(relu) UNARY(silu) UNARY(gelu) UNARY(softplus) UNARY(round) UNARY(floor) UNARY(ceil)
UNARY(isnan) UNARY(isfinite) UNARY(logical_not)

BINARY(mul) BINARY(div) BINARY(minimum) BINARY(maximum) BINARY(pow) BINARY(eq) BINARY(ne) BINARY(lt) BINARY(le)
BINARY(gt) BINARY(ge) BINARY(logical_and) BINARY(logical_or) BINARY(atan2)

WITH_SCALAR(add) WITH_SCALAR(mul) WITH_SCALAR(pow) WITH_SCALAR(eq) WITH_SCALAR(ne) WITH_SCALAR(lt) WITH_SCALAR(le)
WITH_SCALAR(gt) WITH_SCALAR(ge)

CTTensor *ct_add(const CTTensor *x, const CTTensor *y, double scale, CTErrorOut error) {
  return made(error, [&] { return at::add(x->value, y->value, exact(scale)); });
}

CTTensor *ct_leaky_relu(const CTTensor *x, double slope, CTErrorOut error) {
  return made(error, [&] { return at::leaky_relu(x->value, slope); });
}
CTTensor *ct_elu(const CTTensor *x, double alpha, CTErrorOut error) {
  return made(error, [&] { return at::elu(x->value, alpha); });
}
CTTensor *ct_clamp(const CTTensor *x, double low, double high, CTErrorOut error) {
  return made(error, [&] { return at::clamp(x->value, low, high); });
}
CTTensor *ct_where(const CTTensor *condition, const CTTensor *x, const CTTensor *y, CTErrorOut error) {
  return made(error, [&] { return at::where(condition->value, x->value, y->value); });
}
CTTensor *ct_lerp(const CTTensor *x, const CTTensor *y, double weight, CTErrorOut error) {
  return made(error, [&] { return at::lerp(x->value, y->value, weight); });
}

REDUCTION(sum) REDUCTION(mean) REDUCTION(amax) REDUCTION(amin) REDUCTION(logsumexp) REDUCTION(any) REDUCTION(all)

CTTensor *ct_variance(const CTTensor *x, const int64_t *dims, int32_t count, double correction, bool keep,
                      CTErrorOut error) {
  return made(error, [&] {
    const auto reduced = over(x->value, dims, count);
    return at::var(x->value, at::OptionalIntArrayRef(reduced), at::Scalar(correction), keep);
  });
}

CTTensor *ct_norm(const CTTensor *x, double order, const int64_t *dims, int32_t count, bool keep, CTErrorOut error) {
  return made(error, [&] {
    const auto reduced = over(x->value, dims, count);
    return at::linalg_vector_norm(x->value, order, at::OptionalIntArrayRef(reduced), keep);
  });
}

ALONG(argmax) ALONG(argmin) ALONG(cumsum) ALONG(softmax) ALONG(log_softmax)

bool ct_sort(const CTTensor *x, int64_t dim, bool descending, CTTensor **values, CTTensor **indices,
             CTErrorOut error) {
  return done(error, [&] {
    auto [sorted, order] = at::sort(x->value, /*stable=*/true, dim, descending);
    *values = new CTTensor{sorted};
    *indices = new CTTensor{order};
  });
}

bool ct_topk(const CTTensor *x, int64_t k, int64_t dim, bool largest, CTTensor **values, CTTensor **indices,
             CTErrorOut error) {
  return done(error, [&] {
    auto [top, order] = at::topk(x->value, k, dim, largest);
    *values = new CTTensor{top};
    *indices = new CTTensor{order};
  });
}

CTTensor *ct_histogram(const CTTensor *x, int64_t bins, double low, double high, CTErrorOut error) {
  return made(error, [&] { return at::histc(x->value, bins, low, high); });
}

}  // extern "C"
