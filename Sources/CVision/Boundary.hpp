#pragma once

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "CVision.h"

namespace vision {

inline char *copied(const std::string &text) {
  char *copy = static_cast<char *>(std::malloc(text.size() + 1));
  if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

/// Once per process: one thread per call (callers work on several images at once) and no log lines on standard error.
inline void prepare() {
  static const bool prepared = [] {
    cv::setNumThreads(1);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return true;
  }();
  (void)prepared;
}

/// The one place at which C++ exceptions end. `body` may throw anything.
template <typename Body>
bool bounded(char **error, Body &&body) noexcept {
  try {
    prepare();
    body();
    return true;
  } catch (const cv::Exception &exception) {
    *error = copied(exception.err);  // Without OpenCV's own source file and line.
  } catch (const std::bad_alloc &) {
    *error = copied("not enough memory");
  } catch (const std::exception &exception) {
    *error = copied(exception.what());
  } catch (...) {
    *error = copied("an unknown C++ exception");
  }
  return false;
}

/// A matrix over the caller's pixels. OpenCV takes no const data, so no caller may write through it.
inline cv::Mat matrix(const cv_view &view) {
  if (view.width < 1 || view.height < 1 || (view.channels != 1 && view.channels != 3) ||
      (view.bits != 8 && view.bits != 16)) {
    throw std::invalid_argument("pixels must be at least 1 x 1, of 1 or 3 channels, of 8 or 16 bits");
  }
  const int type = CV_MAKETYPE(view.bits == 8 ? CV_8U : CV_16U, view.channels);
  return cv::Mat(view.height, view.width, type, const_cast<void *>(view.samples));
}

/// Copies a matrix out, rows packed.
inline void give(const cv::Mat &matrix, cv_image *out) {
  if (matrix.empty()) throw std::runtime_error("no pixels came out");
  if (matrix.depth() != CV_8U && matrix.depth() != CV_16U) {
    throw std::runtime_error("samples are neither 8-bit nor 16-bit integers");
  }
  const size_t row = static_cast<size_t>(matrix.cols) * matrix.elemSize();
  const size_t count = row * static_cast<size_t>(matrix.rows);
  auto *samples = static_cast<uint8_t *>(std::malloc(count));
  if (!samples) throw std::bad_alloc();
  for (int y = 0; y < matrix.rows; ++y) std::memcpy(samples + row * static_cast<size_t>(y), matrix.ptr(y), row);
  *out = cv_image{samples, count, matrix.cols, matrix.rows, matrix.channels(), matrix.depth() == CV_8U ? 8 : 16};
}

}  // namespace vision
