#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

#include "Boundary.hpp"

using namespace vision;

bool cv_warped(cv_view image, const double *m, int32_t width, int32_t height, cv_image *out, char **error) {
  return bounded(error, [&] {
    if (width < 1 || height < 1) throw std::invalid_argument("the new size must be at least 1 x 1");
    const cv::Mat map(2, 3, CV_64F, const_cast<double *>(m));
    cv::Mat result;
    cv::warpAffine(
        matrix(image), result, map, cv::Size(width, height), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
        cv::BORDER_REPLICATE);
    give(result, out);
  });
}

bool cv_distances(cv_view mask, float *out, char **error) {
  return bounded(error, [&] {
    const cv::Mat source = matrix(mask);
    cv::Mat result(source.rows, source.cols, CV_32F, out);
    cv::distanceTransform(source, result, cv::DIST_L2, cv::DIST_MASK_PRECISE, CV_32F);
    if (result.data != reinterpret_cast<uchar *>(out)) throw std::runtime_error("distances were moved elsewhere");
  });
}

bool cv_cloned(cv_view source, cv_view target, cv_view mask, bool mixed, cv_image *out, char **error) {
  return bounded(error, [&] {
    const cv::Mat from = matrix(source), to = matrix(target), inside = matrix(mask);
    if (from.size() != to.size() || inside.size() != to.size() || from.type() != to.type() || to.depth() != CV_8U ||
        inside.type() != CV_8UC1) {
      throw std::invalid_argument("a source, a target and a mask of one size and 8 bits can be blended");
    }
    // OpenCV drops what the mask has on the border of the image, and keeps to the target's gradients within 3 pixels of the
    // mask's own border. A mask that ends where the image does is continued beyond it, so that neither happens there.
    constexpr int pad = 8;
    const auto padded = [&](const cv::Mat &image) {
      cv::Mat result;
      cv::copyMakeBorder(image, result, pad, pad, pad, pad, cv::BORDER_REPLICATE);
      return result;
    };
    cv::Mat wide_mask = padded(inside != 0);
    // The ring that OpenCV clears, cleared before its box is measured.
    cv::rectangle(wide_mask, cv::Rect(0, 0, wide_mask.cols, wide_mask.rows), cv::Scalar(0), 1);
    const cv::Rect box = cv::boundingRect(wide_mask);
    if (box.empty()) return give(to, out);
    // OpenCV puts the middle of the mask's box there, halves dropped: with the same halves dropped, nothing moves.
    const cv::Point middle(box.x + box.width / 2, box.y + box.height / 2);
    cv::Mat wide_from = padded(from), wide_to = padded(to), blended;
    if (to.channels() == 1) {
      cv::cvtColor(wide_from, wide_from, cv::COLOR_GRAY2BGR);
      cv::cvtColor(wide_to, wide_to, cv::COLOR_GRAY2BGR);
    }
    cv::seamlessClone(wide_from, wide_to, wide_mask, middle, blended, mixed ? cv::MIXED_CLONE : cv::NORMAL_CLONE);
    if (to.channels() == 1) cv::extractChannel(blended, blended, 0);
    give(blended(cv::Rect(pad, pad, to.cols, to.rows)), out);
  });
}
