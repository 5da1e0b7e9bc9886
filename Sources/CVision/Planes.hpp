#pragma once

#include <cstddef>
#include <cstdint>

namespace vision {

/// One row of `count` interleaved pixels as numbers p / 127.5 - 1, each channel into its own plane from `planes` on,
/// `stride` numbers apart. One channel fills all of `planes_count` planes alike; mirrored rows are written from the right.
void spread(
    const uint8_t *row, size_t count, int channels, int planes_count, bool mirrored, float *planes, size_t stride);

}  // namespace vision
