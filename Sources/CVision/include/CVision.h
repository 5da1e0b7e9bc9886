#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The part of OpenCV that Patina uses, in C. Pixels are rows of interleaved samples without padding, grey or RGB, 8 or 16
// bits in the machine's byte order. Every function that may fail returns false and puts a message into `error`, to be freed
// with `cv_text_free`; its outputs are then untouched. Nothing C++ leaves this target.

#ifdef __cplusplus
extern "C" {
#endif

/// Pixels that the caller owns.
typedef struct {
  const void *_Nonnull samples;
  int32_t width;
  int32_t height;
  int32_t channels;  // 1 or 3
  int32_t bits;      // 8 or 16
} cv_view;

/// Pixels made here; freed with `cv_image_free`.
typedef struct {
  void *_Nullable samples;
  size_t byte_count;
  int32_t width;
  int32_t height;
  int32_t channels;
  int32_t bits;
} cv_image;

/// Bytes made here; freed with `cv_buffer_free`.
typedef struct {
  uint8_t *_Nullable bytes;
  size_t count;
} cv_buffer;

/// A part of an image in pixels, from its upper left corner.
typedef struct {
  int32_t x;
  int32_t y;
  int32_t width;
  int32_t height;
} cv_box;

typedef enum { CV_AREA = 0, CV_BILINEAR = 1, CV_BICUBIC = 2, CV_NEAREST = 3 } cv_interpolation;
typedef enum { CV_FLIP_HORIZONTAL = 0, CV_FLIP_VERTICAL = 1, CV_QUARTER = 2, CV_HALF = 3, CV_THREE_QUARTERS = 4 } cv_turn;

/// OpenCV's own version, such as "4.6.0".
const char *_Nonnull cv_version(void);

void cv_text_free(char *_Nullable text);
void cv_image_free(cv_image *_Nonnull image);
void cv_buffer_free(cv_buffer *_Nonnull buffer);

/// Decodes a whole file: EXIF orientation applied, alpha dropped, palettes and CMYK turned into RGB.
bool cv_decode(const uint8_t *_Nonnull bytes, size_t count, cv_image *_Nonnull out, char *_Nullable *_Nonnull error);

/// Decodes a JPEG file of exactly width × height pixels into `out`: interleaved 8-bit samples, grey or RGB as asked, the very
/// ones of `cv_decode` (and `cv_grey`). False, with anything in `out`, when only `cv_decode` can tell what it shows or what
/// is wrong with it.
bool cv_jpeg_samples(
    const uint8_t *_Nonnull bytes, size_t count, int32_t width, int32_t height, int32_t channels, uint8_t *_Nonnull out);

/// As `cv_jpeg_samples`, of `box` alone, written as `cv_planes` does.
bool cv_jpeg_planes(
    const uint8_t *_Nonnull bytes, size_t count, cv_box box, int32_t channels, bool mirrored, float *_Nonnull planes);

/// The pixels of `box`, which lies within an 8-bit image `width` pixels wide, as numbers p / 127.5 - 1: [C, H, W], mirrored
/// left to right on demand. Cannot fail.
void cv_planes(
    const uint8_t *_Nonnull samples, int32_t width, int32_t channels, cv_box box, bool mirrored, float *_Nonnull planes);

/// Encodes into the format that `extension` (".png", ".jpg", ".bmp", ".tiff") names; `quality` counts for JPEG, 0 ... 100.
bool cv_encode(
    cv_view image, const char *_Nonnull extension, int32_t quality, cv_buffer *_Nonnull out,
    char *_Nullable *_Nonnull error);

/// Writes the samples of the new size, packed, into `out`: as many channels and bits as the image has.
bool cv_resize(
    cv_view image, int32_t width, int32_t height, cv_interpolation interpolation, void *_Nonnull out,
    char *_Nullable *_Nonnull error);

/// Flips, or turns clockwise by quarters.
bool cv_turned(cv_view image, cv_turn turn, cv_image *_Nonnull out, char *_Nullable *_Nonnull error);

/// RGB to grey with Rec. 601 weights.
bool cv_grey(cv_view image, cv_image *_Nonnull out, char *_Nullable *_Nonnull error);

/// For each of `pixels` pixels: 1 where any of its 8-bit samples is above `threshold`, 0 elsewhere. Cannot fail.
void cv_threshold(
    const uint8_t *_Nonnull samples, size_t pixels, size_t channels, uint8_t threshold, uint8_t *_Nonnull bits);

/// Labels 8-connected components of an 8-bit grey image: 0 is background. `labels` holds width × height numbers.
bool cv_components(
    cv_view mask, int32_t *_Nonnull labels, int32_t *_Nonnull count, char *_Nullable *_Nonnull error);

/// A new image whose pixel (x, y) is `image` at (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]), bicubic between pixels; what
/// lies outside is the nearest pixel inside. Whole numbers are the middles of pixels.
bool cv_warped(
    cv_view image, const double *_Nonnull m, int32_t width, int32_t height, cv_image *_Nonnull out,
    char *_Nullable *_Nonnull error);

/// For each pixel of an 8-bit grey image the Euclidean distance to the nearest pixel that is 0, which has 0 itself; width ×
/// height numbers. Where none is 0, the numbers are large.
bool cv_distances(cv_view mask, float *_Nonnull out, char *_Nullable *_Nonnull error);

/// Poisson blending (Pérez, Gangnet, Blake 2003) as OpenCV's seamlessClone does it: within `mask` (8-bit grey, not 0) the
/// gradients of `source`, or where `mixed` the steeper ones of both, elsewhere those of `target`. Three images of one size, 8
/// bits, `source` and `target` of as many channels. Pixels outside of the mask change too. `target` for an empty mask.
bool cv_cloned(
    cv_view source, cv_view target, cv_view mask, bool mixed, cv_image *_Nonnull out,
    char *_Nullable *_Nonnull error);

/// Draws one line of text into an 8-bit image of 3 channels, its baseline's left end at (x, y).
bool cv_draw_text(
    void *_Nonnull samples, int32_t width, int32_t height, const char *_Nonnull text, int32_t x, int32_t y, double scale,
    uint8_t red, uint8_t green, uint8_t blue, char *_Nullable *_Nonnull error);

/// Width and height in pixels of a line of text at `scale`; 0 where OpenCV cannot say.
void cv_text_size(const char *_Nonnull text, double scale, int32_t *_Nonnull width, int32_t *_Nonnull height);

#ifdef __cplusplus
}
#endif
