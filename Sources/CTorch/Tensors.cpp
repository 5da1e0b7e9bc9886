// Creation, looks, copies, generators, gradients.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <cstring>

#include "Boundary.h"

using namespace ctorch;

namespace {
constexpr at::ScalarType types[] = {at::kFloat, at::kBFloat16, at::kHalf, at::kDouble,
                                    at::kLong,  at::kInt,      at::kByte, at::kBool};
}

at::ScalarType ctorch::scalar_type(int32_t type) {
  TORCH_CHECK(type >= 0 && type < 8, "no such element type: ", type);
  return types[type];
}

at::Device ctorch::device(int32_t kind, int32_t index) {
  return kind == 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

extern "C" {

CTGenerator *ct_generator(int32_t kind, int32_t index, uint64_t seed, CTErrorOut error) {
  return guarded(error, [&]() -> CTGenerator * {
    at::Generator generator;
    if (kind == 0) {
      generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    } else {
      generator = at::detail::getCUDAHooks().getNewGenerator(static_cast<c10::DeviceIndex>(index));
      generator.set_current_seed(seed);
    }
    return new CTGenerator{generator};
  });
}

void ct_generator_free(CTGenerator *generator) { delete generator; }

CTTensor *ct_generator_state(const CTGenerator *generator, CTErrorOut error) {
  return made(error, [&] { return generator->value.get_state(); });
}

bool ct_generator_set_state(CTGenerator *generator, const CTTensor *state, CTErrorOut error) {
  return done(error, [&] { generator->value.set_state(state->value); });
}

void ct_free(CTTensor *tensor) { delete tensor; }
int32_t ct_rank(const CTTensor *x) { return static_cast<int32_t>(x->value.dim()); }
void ct_shape(const CTTensor *x, int64_t *shape) {
  const auto sizes = x->value.sizes();
  std::copy(sizes.begin(), sizes.end(), shape);
}
int64_t ct_count(const CTTensor *x) { return x->value.numel(); }
int32_t ct_type(const CTTensor *x) {
  for (int32_t i = 0; i < 8; i++)
    if (types[i] == x->value.scalar_type()) return i;
  return -1;
}
int32_t ct_device(const CTTensor *x) { return x->value.device().is_cpu() ? 0 : 1; }
int32_t ct_device_index(const CTTensor *x) { return x->value.device().has_index() ? x->value.device().index() : 0; }
bool ct_is_contiguous(const CTTensor *x, bool channels_last) {
  return x->value.is_contiguous(channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
}
bool ct_requires_gradient(const CTTensor *x) { return x->value.requires_grad(); }
bool ct_shares_storage(const CTTensor *x, const CTTensor *y) { return x->value.is_alias_of(y->value); }

bool ct_read(const CTTensor *x, void *bytes, int64_t count, CTErrorOut error) {
  return done(error, [&] {
    const auto flat = x->value.detach().to(at::kCPU).contiguous();
    const auto available = static_cast<int64_t>(flat.nbytes());
    TORCH_CHECK(available == count, "room for ", count, " bytes was given, the tensor has ", available);
    std::memcpy(bytes, flat.const_data_ptr(), count);
  });
}

double ct_item(const CTTensor *x, CTErrorOut error) {
  return guarded(error, [&] { return x->value.item().toDouble(); });
}

CTTensor *ct_from_bytes(const void *bytes, const int64_t *shape, int32_t rank, int32_t type, int32_t kind,
                        int32_t index, CTErrorOut error) {
  return made(error, [&] {
    const auto options = at::TensorOptions().dtype(scalar_type(type)).pinned_memory(kind != 0);
    auto result = at::empty(list(shape, rank), options);
    if (result.numel() > 0) std::memcpy(result.mutable_data_ptr(), bytes, result.nbytes());
    // libtorch's allocator keeps page-locked memory from being used again before the copy is over.
    return kind == 0 ? result : result.to(device(kind, index), result.scalar_type(), /*non_blocking=*/true);
  });
}

CTTensor *ct_full(const int64_t *shape, int32_t rank, double value, int32_t type, int32_t kind, int32_t index,
                  CTErrorOut error) {
  return made(error, [&] {
    const auto options = at::TensorOptions().dtype(scalar_type(type)).device(device(kind, index));
    return at::full(list(shape, rank), value, options);
  });
}

CTTensor *ct_zeros_like(const CTTensor *x, CTErrorOut error) {
  // at::zeros_like would do for most layouts, at::zeros with a memory format ignores it.
  return made(error, [&] { return at::empty_like(x->value.detach()).zero_(); });
}

CTTensor *ct_arange(double start, double end, double step, int32_t type, CTErrorOut error) {
  return made(error, [&] { return at::arange(start, end, step, scalar_type(type)); });
}

CTTensor *ct_normal(const int64_t *shape, int32_t rank, double mean, double deviation, int32_t type,
                    CTGenerator *generator, CTErrorOut error) {
  return made(error, [&] {
    const auto options = at::TensorOptions().dtype(scalar_type(type)).device(generator->value.device());
    return at::empty(list(shape, rank), options).normal_(mean, deviation, generator->value);
  });
}

CTTensor *ct_uniform(const int64_t *shape, int32_t rank, double low, double high, int32_t type, CTGenerator *generator,
                     CTErrorOut error) {
  return made(error, [&] {
    const auto options = at::TensorOptions().dtype(scalar_type(type)).device(generator->value.device());
    return at::empty(list(shape, rank), options).uniform_(low, high, generator->value);
  });
}

CTTensor *ct_random_integers(const int64_t *shape, int32_t rank, int64_t low, int64_t high, CTGenerator *generator,
                             CTErrorOut error) {
  return made(error, [&] {
    const auto options = at::TensorOptions().dtype(at::kLong).device(generator->value.device());
    return at::randint(low, high, list(shape, rank), generator->value, options);
  });
}

CTTensor *ct_random_permutation(int64_t count, CTGenerator *generator, CTErrorOut error) {
  return made(error, [&] {
    return at::randperm(count, generator->value, at::TensorOptions().dtype(at::kLong).device(generator->value.device()));
  });
}

CTTensor *ct_multinomial(const CTTensor *weights, int64_t count, bool replacement, CTGenerator *generator,
                         CTErrorOut error) {
  return made(error, [&] { return at::multinomial(weights->value, count, replacement, generator->value); });
}

CTTensor *ct_one_hot(const CTTensor *indices, int64_t classes, CTErrorOut error) {
  return made(error, [&] { return at::one_hot(indices->value, classes); });
}

CTTensor *ct_to(const CTTensor *x, int32_t type, int32_t kind, int32_t index, CTErrorOut error) {
  return made(error, [&] { return x->value.to(device(kind, index), scalar_type(type)); });
}

CTTensor *ct_contiguous(const CTTensor *x, bool channels_last, CTErrorOut error) {
  return made(error, [&] {
    return x->value.contiguous(channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
  });
}

CTTensor *ct_laid_out_like(const CTTensor *x, const CTTensor *y, CTErrorOut error) {
  return made(error, [&] {
    TORCH_CHECK(x->value.sizes() == y->value.sizes(), "a tensor of shape ", x->value.sizes(),
                " cannot be laid out like one of shape ", y->value.sizes());
    if (x->value.strides() == y->value.strides()) return x->value;
    return at::empty_strided(y->value.sizes(), y->value.strides(), x->value.options()).copy_(x->value);
  });
}

bool ct_set_requires_gradient(CTTensor *x, bool requires_gradient, CTErrorOut error) {
  return done(error, [&] { x->value.set_requires_grad(requires_gradient); });
}

CTTensor *ct_gradient(const CTTensor *x, CTErrorOut error) {
  return guarded(error, [&]() -> CTTensor * {
    const auto &gradient = x->value.grad();
    return gradient.defined() ? new CTTensor{gradient} : nullptr;
  });
}

bool ct_set_gradient(CTTensor *x, const CTTensor *gradient, CTErrorOut error) {
  return done(error, [&] {
    if (gradient == nullptr) {
      x->value.mutable_grad().reset();
      return;
    }
    TORCH_CHECK(gradient->value.sizes() == x->value.sizes(), "a gradient of shape ", gradient->value.sizes(),
                " was given to a tensor of shape ", x->value.sizes());
    x->value.mutable_grad() = gradient->value;
  });
}

bool ct_backward(const CTTensor *const *roots, const CTTensor *const *gradients, int32_t count, bool keep_graph,
                 CTErrorOut error) {
  return done(error, [&] {
    std::vector<at::Tensor> given;
    for (int32_t i = 0; i < count; i++) given.push_back(optional(gradients[i]).value_or(at::Tensor()));
    torch::autograd::backward(values(roots, count), given, keep_graph);
  });
}

bool ct_gradients(const CTTensor *output, const CTTensor *cotangent, const CTTensor *const *inputs, int32_t count,
                  bool keep_graph, bool create_graph, CTTensor **gradients, CTErrorOut error) {
  return done(error, [&] {
    const std::vector<at::Tensor> cotangents =
        cotangent == nullptr ? std::vector<at::Tensor>{} : std::vector<at::Tensor>{cotangent->value};
    const auto result =
        torch::autograd::grad({output->value}, values(inputs, count), cotangents, keep_graph, create_graph, true);
    for (int32_t i = 0; i < count; i++) gradients[i] = result[i].defined() ? new CTTensor{result[i]} : nullptr;
  });
}

}  // extern "C"
