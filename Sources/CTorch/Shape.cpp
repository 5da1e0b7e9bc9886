// Shape, indexing, linear algebra.
#include "Boundary.h"

using namespace ctorch;

extern "C" {

CTTensor *ct_reshape(const CTTensor *x, const int64_t *shape, int32_t rank, CTErrorOut error) {
  return made(error, [&] { return x->value.reshape(list(shape, rank)); });
}
CTTensor *ct_permute(const CTTensor *x, const int64_t *dims, int32_t rank, CTErrorOut error) {
  return made(error, [&] { return x->value.permute(list(dims, rank)); });
}
CTTensor *ct_expand(const CTTensor *x, const int64_t *shape, int32_t rank, CTErrorOut error) {
  return made(error, [&] { return x->value.expand(list(shape, rank)); });
}
CTTensor *ct_repeat(const CTTensor *x, const int64_t *times, int32_t rank, CTErrorOut error) {
  return made(error, [&] { return x->value.repeat(list(times, rank)); });
}
CTTensor *ct_flip(const CTTensor *x, const int64_t *dims, int32_t count, CTErrorOut error) {
  return made(error, [&] { return at::flip(x->value, list(dims, count)); });
}
CTTensor *ct_flatten(const CTTensor *x, int64_t start, int64_t end, CTErrorOut error) {
  return made(error, [&] { return at::flatten(x->value, start, end); });
}
CTTensor *ct_transpose(const CTTensor *x, int64_t first, int64_t second, CTErrorOut error) {
  return made(error, [&] { return at::transpose(x->value, first, second); });
}
CTTensor *ct_squeeze(const CTTensor *x, int64_t dim, CTErrorOut error) {
  return made(error, [&] { return at::squeeze(x->value, dim); });
}
CTTensor *ct_unsqueeze(const CTTensor *x, int64_t dim, CTErrorOut error) {
  return made(error, [&] { return at::unsqueeze(x->value, dim); });
}
CTTensor *ct_roll(const CTTensor *x, int64_t shift, int64_t dim, CTErrorOut error) {
  return made(error, [&] { return at::roll(x->value, shift, dim); });
}
CTTensor *ct_slice(const CTTensor *x, int64_t dim, int64_t start, int64_t end, int64_t step, CTErrorOut error) {
  return made(error, [&] { return at::slice(x->value, dim, start, end, step); });
}
CTTensor *ct_select(const CTTensor *x, int64_t dim, int64_t index, CTErrorOut error) {
  return made(error, [&] { return at::select(x->value, dim, index); });
}
CTTensor *ct_index_select(const CTTensor *x, int64_t dim, const CTTensor *indices, CTErrorOut error) {
  return made(error, [&] { return at::index_select(x->value, dim, indices->value); });
}
CTTensor *ct_gather(const CTTensor *x, int64_t dim, const CTTensor *indices, CTErrorOut error) {
  return made(error, [&] { return at::gather(x->value, dim, indices->value); });
}
CTTensor *ct_scatter_add(const CTTensor *x, int64_t dim, const CTTensor *indices, const CTTensor *source,
                         CTErrorOut error) {
  return made(error, [&] { return at::scatter_add(x->value, dim, indices->value, source->value); });
}
CTTensor *ct_masked_select(const CTTensor *x, const CTTensor *mask, CTErrorOut error) {
  return made(error, [&] { return at::masked_select(x->value, mask->value); });
}
CTTensor *ct_masked_fill(const CTTensor *x, const CTTensor *mask, double value, CTErrorOut error) {
  return made(error, [&] { return at::masked_fill(x->value, mask->value, value); });
}
CTTensor *ct_nonzero(const CTTensor *x, CTErrorOut error) {
  return made(error, [&] { return at::nonzero(x->value); });
}
CTTensor *ct_cat(const CTTensor *const *tensors, int32_t count, int64_t dim, CTErrorOut error) {
  return made(error, [&] { return at::cat(values(tensors, count), dim); });
}
CTTensor *ct_stack(const CTTensor *const *tensors, int32_t count, int64_t dim, CTErrorOut error) {
  return made(error, [&] { return at::stack(values(tensors, count), dim); });
}
CTTensor *ct_triangle(const CTTensor *x, int64_t diagonal, bool upper, CTErrorOut error) {
  return made(error, [&] { return upper ? at::triu(x->value, diagonal) : at::tril(x->value, diagonal); });
}

CTTensor *ct_matmul(const CTTensor *x, const CTTensor *y, CTErrorOut error) {
  return made(error, [&] { return at::matmul(x->value, y->value); });
}
CTTensor *ct_linear(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, CTErrorOut error) {
  return made(error, [&] { return at::linear(x->value, weight->value, optional(bias)); });
}
CTTensor *ct_einsum(const char *equation, const CTTensor *const *tensors, int32_t count, CTErrorOut error) {
  return made(error, [&] { return at::einsum(equation, values(tensors, count)); });
}
CTTensor *ct_eigenvalues_symmetric(const CTTensor *x, CTErrorOut error) {
  return made(error, [&] { return at::linalg_eigvalsh(x->value); });
}
bool ct_eigen_symmetric(const CTTensor *x, CTTensor **eigenvalues, CTTensor **vectors, CTErrorOut error) {
  return done(error, [&] {
    auto [lambda, basis] = at::linalg_eigh(x->value);
    *eigenvalues = new CTTensor{lambda};
    *vectors = new CTTensor{basis};
  });
}
bool ct_svd(const CTTensor *x, CTTensor **u, CTTensor **s, CTTensor **vh, CTErrorOut error) {
  return done(error, [&] {
    auto [left, singular, right] = at::linalg_svd(x->value, /*full_matrices=*/false);
    *u = new CTTensor{left};
    *s = new CTTensor{singular};
    *vh = new CTTensor{right};
  });
}
CTTensor *ct_solve(const CTTensor *x, const CTTensor *y, CTErrorOut error) {
  return made(error, [&] { return at::linalg_solve(x->value, y->value); });
}
CTTensor *ct_cholesky(const CTTensor *x, CTErrorOut error) {
  return made(error, [&] { return at::linalg_cholesky(x->value); });
}

}  // extern "C"
