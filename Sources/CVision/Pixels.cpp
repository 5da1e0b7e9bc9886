#include <opencv2/imgproc.hpp>

#include "Boundary.hpp"

using namespace vision;

bool cv_resize(
    cv_view image, int32_t width, int32_t height, cv_interpolation interpolation, void *out, char **error) {
  return bounded(error, [&] {
    static const int modes[] = {cv::INTER_AREA, cv::INTER_LINEAR, cv::INTER_CUBIC, cv::INTER_NEAREST};
    if (width < 1 || height < 1) throw std::invalid_argument("the new size must be at least 1 x 1");
    const cv::Mat source = matrix(image);
    cv::Mat result(height, width, source.type(), out);
    cv::resize(source, result, cv::Size(width, height), 0, 0, modes[interpolation]);
    if (result.data != out) throw std::runtime_error("pixels were moved elsewhere");
  });
}

bool cv_turned(cv_view image, cv_turn turn, cv_image *out, char **error) {
  return bounded(error, [&] {
    const cv::Mat source = matrix(image);
    cv::Mat result;
    switch (turn) {
      case CV_FLIP_HORIZONTAL: cv::flip(source, result, 1); break;
      case CV_FLIP_VERTICAL: cv::flip(source, result, 0); break;
      case CV_QUARTER: cv::rotate(source, result, cv::ROTATE_90_CLOCKWISE); break;
      case CV_HALF: cv::rotate(source, result, cv::ROTATE_180); break;
      case CV_THREE_QUARTERS: cv::rotate(source, result, cv::ROTATE_90_COUNTERCLOCKWISE); break;
    }
    give(result, out);
  });
}

bool cv_grey(cv_view image, cv_image *out, char **error) {
  return bounded(error, [&] {
    const cv::Mat source = matrix(image);
    if (source.channels() == 1) return give(source, out);
    cv::Mat result;
    cv::cvtColor(source, result, cv::COLOR_RGB2GRAY);
    give(result, out);
  });
}

void cv_threshold(const uint8_t *samples, size_t pixels, size_t channels, uint8_t threshold, uint8_t *bits) {
  for (size_t pixel = 0; pixel < pixels; ++pixel) {
    uint8_t bit = 0;
    for (size_t channel = 0; channel < channels; ++channel) bit |= samples[pixel * channels + channel] > threshold;
    bits[pixel] = bit;
  }
}

bool cv_components(cv_view mask, int32_t *labels, int32_t *count, char **error) {
  return bounded(error, [&] {
    const cv::Mat source = matrix(mask);
    cv::Mat result(source.rows, source.cols, CV_32S, labels);
    const int found = cv::connectedComponents(source, result, 8, CV_32S);
    if (result.data != reinterpret_cast<uchar *>(labels)) throw std::runtime_error("labels were moved elsewhere");
    *count = found - 1;  // Background is not counted.
  });
}

bool cv_draw_text(
    void *samples, int32_t width, int32_t height, const char *text, int32_t x, int32_t y, double scale, uint8_t red,
    uint8_t green, uint8_t blue, char **error) {
  return bounded(error, [&] {
    cv::Mat canvas(height, width, CV_8UC3, samples);
    cv::putText(
        canvas, text, cv::Point(x, y), cv::FONT_HERSHEY_SIMPLEX, scale, cv::Scalar(red, green, blue), 1, cv::LINE_AA);
  });
}

void cv_text_size(const char *text, double scale, int32_t *width, int32_t *height) {
  *width = *height = 0;
  char *error = nullptr;
  bounded(&error, [&] {
    int baseline = 0;
    const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 1, &baseline);
    *width = size.width;
    *height = size.height + baseline;
  });
  cv_text_free(error);
}
