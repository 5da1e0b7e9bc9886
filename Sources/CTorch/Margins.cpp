// Margins around images, mirrored ones of bfloat16 images by Patina's own code: autocast has libtorch compute those in
// float32, which reads and writes several times as much.
#include <cstring>

#include "KernelInputs.h"

using namespace ctorch;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

namespace {

using Half = c10::BFloat16;

/// A mirrored margin that does not repeat the edge; each side narrower than what it mirrors.
struct MirroredMargin {
  int64_t left, right, top, bottom;
};

/// Where the numbers of one place of an axis stand in the larger image: its own place and those of its mirror images.
struct Places {
  int64_t at[3];
  int count = 1;

  Places(int64_t place, int64_t size, int64_t before, int64_t after) : at{before + place} {
    if (place >= 1 && place <= before) at[count++] = before - place;
    if (place <= size - 2 && place >= size - 1 - after) at[count++] = before + 2 * (size - 1) - place;
  }
};

/// One row of an image with its margin. Shapes: from [width, channels] → into [left + width + right, channels].
void mirror_row(const Half *from, int64_t width, int64_t channels, const MirroredMargin &m, Half *into) {
  const auto copy = [&](int64_t place, int64_t pixel, int64_t count) {
    std::memcpy(into + place * channels, from + pixel * channels, size_t(count * channels) * sizeof(Half));
  };
  for (int64_t i = 0; i < m.left; i++) copy(i, m.left - i, 1);
  copy(m.left, 0, width);
  for (int64_t i = 0; i < m.right; i++) copy(m.left + width + i, width - 2 - i, 1);
}

/// One row of the gradient: what its pixels and their mirror images have gathered, summed in float32 and rounded once.
void fold_row(const Half *image, int64_t y, int64_t height, int64_t width, int64_t channels, const MirroredMargin &m,
              Half *into) {
  const int64_t across = (m.left + width + m.right) * channels;
  const Places rows(y, height, m.top, m.bottom);
  for (int64_t x = 0, run; x < width; x += run) {
    const Places columns(x, width, m.left, m.right);
    const Half *const own = image + rows.at[0] * across + columns.at[0] * channels;
    // Pixels without mirror images are copied: those of the edge alone, the others as one run.
    const int64_t end = width - 1 - m.right;
    const bool is_alone = rows.count * columns.count == 1;
    run = is_alone && x > m.left && x < end ? end - x : 1;
    if (is_alone) {
      std::memcpy(into + x * channels, own, size_t(run * channels) * sizeof(Half));
      continue;
    }
    for (int64_t c = 0; c < channels; c++) {
      float sum = 0;
      for (int i = 0; i < rows.count; i++)
        for (int j = 0; j < columns.count; j++) sum += float(image[rows.at[i] * across + columns.at[j] * channels + c]);
      into[x * channels + c] = Half(sum);
    }
  }
}

struct MirrorNode : torch::autograd::Function<MirrorNode> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const MirroredMargin &m) {
    const auto x = input.contiguous(channels_last);
    const int64_t channels = x.size(1), height = x.size(2), width = x.size(3);
    const int64_t rows = m.top + height + m.bottom, columns = m.left + width + m.right;
    auto y = at::empty({x.size(0), channels, rows, columns}, x.options(), channels_last);
    const Half *const from = x.data_ptr<Half>();
    Half *const into = y.data_ptr<Half>();
    at::parallel_for(0, x.size(0) * rows, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t row = inside(int(i % rows - m.top), int(height), Margin::reflection);
        mirror_row(from + (i / rows * height + row) * width * channels, width, channels, m, into + i * columns * channels);
      }
    });
    context->saved_data["shape"] = x.sizes();
    context->saved_data["margin"] = std::vector<int64_t>{m.left, m.right, m.top, m.bottom};
    return y;
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto gy = gradients[0].to(at::kBFloat16).contiguous(channels_last);
    const auto margin = context->saved_data["margin"].toIntVector();
    const MirroredMargin m = {margin[0], margin[1], margin[2], margin[3]};
    auto dx = at::empty(context->saved_data["shape"].toIntVector(), gy.options(), channels_last);
    const int64_t channels = dx.size(1), height = dx.size(2), width = dx.size(3), image = channels * gy.size(2) * gy.size(3);
    const Half *const from = gy.data_ptr<Half>();
    Half *const into = dx.data_ptr<Half>();
    at::parallel_for(0, dx.size(0) * height, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++)
        fold_row(from + i / height * image, i % height, height, width, channels, m, into + i * width * channels);
    });
    return {dx, at::Tensor()};
  }
};

/// Whether the margin is narrower than what it mirrors; what libtorch says of others is its error.
bool fits(const at::Tensor &x, const MirroredMargin &m) {
  const auto within = [](int64_t margin, int64_t size) { return margin >= 0 && margin < size; };
  return within(m.left, x.size(3)) && within(m.right, x.size(3)) && within(m.top, x.size(2)) && within(m.bottom, x.size(2));
}

}  // namespace

extern "C" {

CTTensor *ct_pad(const CTTensor *x, const int64_t *amounts, int32_t count, int32_t mode, double value,
                 CTErrorOut error) {
  return made(error, [&] {
    constexpr std::string_view modes[] = {"constant", "reflect", "replicate"};
    TORCH_CHECK(mode >= 0 && mode < 3, "no such padding mode: ", mode);
    if (mode == 1 && count == 4 && is_half(x->value) && is_image(x->value)) {
      const MirroredMargin margin = {amounts[0], amounts[1], amounts[2], amounts[3]};
      if (fits(x->value, margin)) return MirrorNode::apply(x->value, margin);
    }
    return at::pad(x->value, list(amounts, count), modes[mode], mode == 0 ? std::optional<double>(value) : std::nullopt);
  });
}

}  // extern "C"
