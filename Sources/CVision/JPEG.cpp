#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <vector>

#include <jpeglib.h>
#include <opencv2/imgproc.hpp>

#include "Boundary.hpp"
#include "Planes.hpp"

// libjpeg, asked by itself: the very library that OpenCV decodes JPEG files with, without OpenCV's copies of the pixels and
// for no more rows than are wanted. Whatever OpenCV treats in a way of its own is left to it: turned pictures, ink colours,
// damage that libjpeg only warns of, and errors, of which OpenCV then speaks.

namespace {

struct Decoder {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jmp_buf give_up;

  Decoder() {
    info.err = jpeg_std_error(&errors);
    errors.error_exit = [](j_common_ptr common) { longjmp(static_cast<Decoder *>(common->client_data)->give_up, 1); };
    errors.emit_message = [](j_common_ptr common, int level) { common->err->num_warnings += level < 0; };
    errors.output_message = [](j_common_ptr) {};
    info.client_data = this;
  }
  ~Decoder() { jpeg_destroy_decompress(&info); }
  Decoder(const Decoder &) = delete;
  Decoder &operator=(const Decoder &) = delete;
};

/// Whether what stands in an APP1 segment may tell OpenCV to turn the picture: an orientation in the first directory of
/// EXIF that is not 1, or whatever is neither whole EXIF nor XMP.
bool may_turn(const uint8_t *bytes, size_t count) {
  if (count >= 7 && std::memcmp(bytes, "http://", 7) == 0) return false;
  constexpr size_t start = 6;  // after "Exif", 0, 0
  if (count < start + 8) return true;
  const uint8_t *tiff = bytes + start;
  const size_t size = count - start;
  if (std::memcmp(tiff, "II\x2a\0", 4) != 0 && std::memcmp(tiff, "MM\0\x2a", 4) != 0) return true;
  const bool is_big = tiff[0] == 'M';
  const auto short_at = [&](size_t at) -> size_t {
    return is_big ? static_cast<size_t>(tiff[at] << 8 | tiff[at + 1]) : static_cast<size_t>(tiff[at + 1] << 8 | tiff[at]);
  };
  const size_t directory = is_big ? short_at(4) << 16 | short_at(6) : short_at(6) << 16 | short_at(4);
  if (directory > size - 2) return true;
  const size_t entries = short_at(directory);
  if (entries * 12 > size - 2 - directory) return true;
  for (size_t entry = 0; entry < entries; ++entry) {
    const size_t at = directory + 2 + entry * 12;
    if (short_at(at) == 0x0112 && short_at(at + 8) != 1) return true;
  }
  return false;
}

/// Hands the rows of `box` from its top to `take(row, y, channels)`: `row` begins at the box's left edge, `y` counts from its
/// top. Where `direct` is not null, rows are decoded right into it, packed, and `take` is not called; the box is then the
/// whole picture. False when OpenCV must decode this file.
template <typename Take>
bool decode(const uint8_t *bytes, size_t count, cv_box box, int channels, uint8_t *direct, const Take &take) {
  vision::prepare();
  Decoder decoder;
  auto &info = decoder.info;
  // Nothing with a destructor lives across a call of libjpeg below.
  if (setjmp(decoder.give_up)) return false;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes, static_cast<unsigned long>(count));
  jpeg_save_markers(&info, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&info, TRUE);
  for (auto *marker = info.marker_list; marker; marker = marker->next) {
    if (may_turn(marker->data, marker->data_length)) return false;
  }
  const bool is_grey = info.num_components == 1 && info.jpeg_color_space == JCS_GRAYSCALE;
  const bool is_colour =
      info.num_components == 3 && (info.jpeg_color_space == JCS_YCbCr || info.jpeg_color_space == JCS_RGB);
  if (!is_grey && !is_colour) return false;
  info.out_color_space = is_grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&info);
  if (box.x < 0 || box.y < 0 || box.width < 1 || box.height < 1 ||
      static_cast<JDIMENSION>(box.x) + static_cast<JDIMENSION>(box.width) > info.output_width ||
      static_cast<JDIMENSION>(box.y) + static_cast<JDIMENSION>(box.height) > info.output_height) {
    return false;
  }
  if (direct && (static_cast<JDIMENSION>(box.width) != info.output_width ||
                 static_cast<JDIMENSION>(box.height) != info.output_height)) {
    return false;
  }
  const int from = is_grey ? 1 : 3;
  const bool is_direct = direct && from == channels;
  JDIMENSION left = 0;
  // Of several scans each must be read whole, and the smoothing of unfinished ones looks beyond any crop.
  if (!is_direct && !info.progressive_mode && !jpeg_has_multiple_scans(&info)) {
    // Upsampling looks one sample of colour to either side, so a block more is decoded there.
    const auto block = static_cast<JDIMENSION>(info.max_h_samp_factor * DCTSIZE);
    const auto x = static_cast<JDIMENSION>(box.x);
    const JDIMENSION start = x > block ? x - block : 0;
    const JDIMENSION end = std::min(info.output_width, x + static_cast<JDIMENSION>(box.width) + block);
    if (start > 0 || end < info.output_width) {
      left = start;
      JDIMENSION width = end - start;
      jpeg_crop_scanline(&info, &left, &width);
    }
    if (box.y > 0) jpeg_skip_scanlines(&info, static_cast<JDIMENSION>(box.y));
  }
  constexpr JDIMENSION at_once = 16;
  JSAMPROW rows[at_once];
  const size_t row_bytes = static_cast<size_t>(info.output_width) * static_cast<size_t>(from);
  JSAMPARRAY scratch = nullptr;
  if (!is_direct) {
    scratch = (*info.mem->alloc_sarray)(
        reinterpret_cast<j_common_ptr>(&info), JPOOL_IMAGE, static_cast<JDIMENSION>(row_bytes), at_once);
  }
  const JDIMENSION top = static_cast<JDIMENSION>(box.y), bottom = top + static_cast<JDIMENSION>(box.height);
  while (info.output_scanline < bottom) {
    const JDIMENSION first = info.output_scanline, wanted = std::min(at_once, bottom - first);
    for (JDIMENSION row = 0; row < wanted; ++row) {
      rows[row] = is_direct ? direct + row_bytes * (first + row) : scratch[row];
    }
    const JDIMENSION read = jpeg_read_scanlines(&info, rows, wanted);
    if (read == 0) return false;
    if (is_direct) continue;
    for (JDIMENSION row = 0; row < read; ++row) {
      if (first + row < top) continue;
      take(
          rows[row] + (static_cast<size_t>(box.x) - left) * static_cast<size_t>(from),
          static_cast<size_t>(first + row - top), from);
    }
  }
  return decoder.errors.num_warnings == 0;
}

void convert(const uint8_t *row, size_t count, int from, int to, uint8_t *out) {
  const int columns = static_cast<int>(count);
  const cv::Mat source(1, columns, CV_8UC(from), const_cast<uint8_t *>(row));
  cv::Mat target(1, columns, CV_8UC(to), out);
  cv::cvtColor(source, target, from == 3 ? cv::COLOR_RGB2GRAY : cv::COLOR_GRAY2RGB);
}

}  // namespace

bool cv_jpeg_samples(const uint8_t *bytes, size_t count, int32_t width, int32_t height, int32_t channels, uint8_t *out) {
  try {
    const auto columns = static_cast<size_t>(width);
    const auto take = [&](const uint8_t *row, size_t y, int from) {
      convert(row, columns, from, channels, out + y * columns * static_cast<size_t>(channels));
    };
    return decode(bytes, count, cv_box{0, 0, width, height}, channels, out, take);
  } catch (...) {
    return false;
  }
}

bool cv_jpeg_planes(
    const uint8_t *bytes, size_t count, cv_box box, int32_t channels, bool mirrored, float *planes) {
  try {
    const auto columns = static_cast<size_t>(box.width);
    const size_t stride = columns * static_cast<size_t>(box.height);
    thread_local std::vector<uint8_t> grey;
    if (channels == 1) grey.resize(columns);
    const auto take = [&](const uint8_t *row, size_t y, int from) {
      if (from == 3 && channels == 1) {
        convert(row, columns, 3, 1, grey.data());
        row = grey.data();
        from = 1;
      }
      vision::spread(row, columns, from, channels, mirrored, planes + y * columns, stride);
    };
    return decode(bytes, count, box, channels, nullptr, take);
  } catch (...) {
    return false;
  }
}
