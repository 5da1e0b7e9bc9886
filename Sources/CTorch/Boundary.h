// What the implementation files share: the handles' contents and the one place where C++ exceptions stop.
#pragma once
#include <ATen/ATen.h>

#include <cmath>
#include <exception>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "CTorch.h"

struct CTTensor {
  at::Tensor value;
};
struct CTGenerator {
  at::Generator value;
};
struct CTError {
  CTErrorKind kind;
  std::string message;
};

namespace ctorch {

inline void report(CTError **error, CTErrorKind kind, const char *message) noexcept {
  // Out of memory twice in a row leaves *error NULL; the Swift side then says so.
  if (error != nullptr) {
    try {
      *error = new CTError{kind, message};
    } catch (...) {
      *error = nullptr;
    }
  }
}

/// Runs `body`; whatever it throws becomes *error, and the result is then zero.
template <typename Body>
auto guarded(CTError **error, Body body) noexcept -> decltype(body()) {
  using Result = decltype(body());
  try {
    return body();
  } catch (const c10::OutOfMemoryError &thrown) {
    report(error, CT_ERROR_MEMORY, thrown.what_without_backtrace());
  } catch (const c10::Error &thrown) {
    const char *message = thrown.what_without_backtrace();
    const bool memory = std::string(message).find("can't allocate memory") != std::string::npos;
    report(error, memory ? CT_ERROR_MEMORY : CT_ERROR_TORCH, message);
  } catch (const std::bad_alloc &) {
    report(error, CT_ERROR_MEMORY, "out of memory");
  } catch (const std::exception &thrown) {
    report(error, CT_ERROR_OTHER, thrown.what());
  } catch (...) {
    report(error, CT_ERROR_OTHER, "an unknown C++ exception");
  }
  return Result{};
}

/// As `guarded`, for a body that gives a tensor.
template <typename Body>
CTTensor *made(CTError **error, Body body) noexcept {
  return guarded(error, [&]() -> CTTensor * { return new CTTensor{body()}; });
}

/// As `guarded`, for a body that gives nothing: true when it came to its end.
template <typename Body>
bool done(CTError **error, Body body) noexcept {
  return guarded(error, [&] {
    body();
    return true;
  });
}

inline at::IntArrayRef list(const int64_t *values, int32_t count) { return {values, static_cast<size_t>(count)}; }
inline at::IntArrayRef pair(const int64_t *values) { return {values, 2}; }

inline std::optional<at::Tensor> optional(const CTTensor *tensor) {
  return tensor == nullptr ? std::nullopt : std::optional<at::Tensor>(tensor->value);
}

inline std::vector<at::Tensor> values(const CTTensor *const *tensors, int32_t count) {
  std::vector<at::Tensor> result;
  result.reserve(count);
  for (int32_t i = 0; i < count; i++) result.push_back(tensors[i]->value);
  return result;
}

/// A whole scale as a whole number, so that integer tensors can be scaled too.
inline at::Scalar exact(double scale) {
  const bool whole = scale == std::floor(scale) && std::abs(scale) < 1e15;
  return whole ? at::Scalar(static_cast<int64_t>(scale)) : at::Scalar(scale);
}

at::ScalarType scalar_type(int32_t type);
at::Device device(int32_t kind, int32_t index);

}  // namespace ctorch
