#include <limits>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "Boundary.hpp"

using namespace vision;

const char *cv_version(void) { return CV_VERSION; }

void cv_text_free(char *text) { std::free(text); }

void cv_image_free(cv_image *image) {
  std::free(image->samples);
  image->samples = nullptr;
}

void cv_buffer_free(cv_buffer *buffer) {
  std::free(buffer->bytes);
  buffer->bytes = nullptr;
}

bool cv_decode(const uint8_t *bytes, size_t count, cv_image *out, char **error) {
  return bounded(error, [&] {
    if (count == 0 || count > static_cast<size_t>(std::numeric_limits<int>::max())) {
      throw std::runtime_error("empty, or larger than 2 GiB");
    }
    const cv::Mat file(1, static_cast<int>(count), CV_8U, const_cast<uint8_t *>(bytes));
    cv::Mat image = cv::imdecode(file, cv::IMREAD_ANYDEPTH | cv::IMREAD_ANYCOLOR);
    if (image.empty()) throw std::runtime_error("the decoder gave up on its contents");
    if (image.channels() == 3) cv::cvtColor(image, image, cv::COLOR_BGR2RGB);
    give(image, out);
  });
}

bool cv_encode(cv_view image, const char *extension, int32_t quality, cv_buffer *out, char **error) {
  return bounded(error, [&] {
    cv::Mat pixels = matrix(image);
    if (pixels.channels() == 3) {
      cv::Mat swapped;
      cv::cvtColor(pixels, swapped, cv::COLOR_RGB2BGR);
      pixels = swapped;
    }
    std::vector<int> options;
    if (std::string(extension) == ".jpg") options = {cv::IMWRITE_JPEG_QUALITY, quality};
    std::vector<uchar> file;
    if (!cv::imencode(extension, pixels, file, options) || file.empty()) {
      throw std::runtime_error("the encoder refused these pixels");
    }
    auto *bytes = static_cast<uint8_t *>(std::malloc(file.size()));
    if (!bytes) throw std::bad_alloc();
    std::memcpy(bytes, file.data(), file.size());
    *out = cv_buffer{bytes, file.size()};
  });
}
