#include "Planes.hpp"

#include <cstring>

#include "CVision.h"

// Compiled for each of these instruction sets, and chosen when the program starts. Numbers are the same on all: a division
// and a subtraction, each rounded by itself.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define FOR_EACH_PROCESSOR
#endif

namespace vision {

FOR_EACH_PROCESSOR void spread_grey(const uint8_t *__restrict row, size_t count, float *__restrict plane) {
  for (size_t x = 0; x < count; ++x) plane[x] = static_cast<float>(row[x]) / 127.5f - 1;
}

FOR_EACH_PROCESSOR void spread_grey_mirrored(const uint8_t *__restrict row, size_t count, float *__restrict plane) {
  for (size_t x = 0; x < count; ++x) plane[count - 1 - x] = static_cast<float>(row[x]) / 127.5f - 1;
}

FOR_EACH_PROCESSOR void spread_colour(
    const uint8_t *__restrict row, size_t count, float *__restrict red, float *__restrict green, float *__restrict blue) {
  for (size_t x = 0; x < count; ++x) {
    red[x] = static_cast<float>(row[3 * x]) / 127.5f - 1;
    green[x] = static_cast<float>(row[3 * x + 1]) / 127.5f - 1;
    blue[x] = static_cast<float>(row[3 * x + 2]) / 127.5f - 1;
  }
}

FOR_EACH_PROCESSOR void spread_colour_mirrored(
    const uint8_t *__restrict row, size_t count, float *__restrict red, float *__restrict green, float *__restrict blue) {
  for (size_t x = 0; x < count; ++x) {
    red[count - 1 - x] = static_cast<float>(row[3 * x]) / 127.5f - 1;
    green[count - 1 - x] = static_cast<float>(row[3 * x + 1]) / 127.5f - 1;
    blue[count - 1 - x] = static_cast<float>(row[3 * x + 2]) / 127.5f - 1;
  }
}

void spread(
    const uint8_t *row, size_t count, int channels, int planes_count, bool mirrored, float *planes, size_t stride) {
  if (channels == 3) {
    (mirrored ? spread_colour_mirrored : spread_colour)(row, count, planes, planes + stride, planes + 2 * stride);
    return;
  }
  (mirrored ? spread_grey_mirrored : spread_grey)(row, count, planes);
  for (int plane = 1; plane < planes_count; ++plane) {
    std::memcpy(planes + static_cast<size_t>(plane) * stride, planes, count * sizeof(float));
  }
}

}  // namespace vision

void cv_planes(const uint8_t *samples, int32_t width, int32_t channels, cv_box box, bool mirrored, float *planes) {
  const auto row = static_cast<size_t>(box.width);
  const size_t stride = row * static_cast<size_t>(box.height);
  for (int32_t y = 0; y < box.height; ++y) {
    const size_t start = (static_cast<size_t>(box.y + y) * static_cast<size_t>(width) + static_cast<size_t>(box.x)) *
                         static_cast<size_t>(channels);
    vision::spread(
        samples + start, row, channels, channels, mirrored, planes + static_cast<size_t>(y) * row, stride);
  }
}
