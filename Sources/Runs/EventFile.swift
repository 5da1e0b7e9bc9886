import Files
import Foundation

/// Writes scalars, images and text for TensorBoard, without TensorFlow (tensorflow/core/util/event.proto, version 2).
///
/// The wall time of each event, in seconds since 1970, comes from the caller. One file per process: a resumed run adds a
/// file whose first event makes TensorBoard forget the steps that are trained again.
public final class EventFile {
  /// Where the file lies: `events.out.tfevents.<seconds>.patina.<number>`, sorted by name in the order of their creation.
  public let url: URL
  private let file: RecordFile

  /// An encoded picture as TensorBoard shows it.
  public struct Image {
    /// Channels of a pixel; the raw value is TensorBoard's.
    public enum Colorspace: Int64, Sendable {
      case gray = 1
      case grayAlpha = 2
      case rgb = 3
      case rgba = 4
    }

    public let png: Data
    public let height: Int
    public let width: Int
    public let colorspace: Colorspace

    /// `png` is a whole PNG (or JPEG) file; `height` and `width` are in pixels.
    public init(png: Data, height: Int, width: Int, colorspace: Colorspace) {
      self.png = png
      self.height = height
      self.width = width
      self.colorspace = colorspace
    }
  }

  /// Starts a new file in `folder`.
  ///
  /// `resumedStep` is the last step that a resumed run keeps: TensorBoard drops everything later from earlier files.
  /// - Throws: `InputError` when the folder cannot be read or the file not be created.
  public init(in folder: URL, wallTime: Double, resumedStep: Int? = nil) throws {
    url = folder.appendingPathComponent(try Self.nextName(in: folder, wallTime: wallTime))
    file = try RecordFile(creating: url)
    try append(wallTime: wallTime, step: 0) { $0.string("brain.Event:2", field: 3) }
    if let resumedStep {
      // TensorBoard purges from the marked step on, that step included, so the mark is the first step to come.
      try append(wallTime: wallTime, step: resumedStep + 1) { event in
        event.message(field: 7) { session in session.integer(1, field: 1) }  // SessionLog, status START
      }
    }
  }

  /// Adds one point to each named curve. Tags with a slash, such as `loss/G_A`, are grouped by what stands before it.
  public func write(scalars: [(tag: String, value: Float)], step: Int, wallTime: Double) throws {
    try summary(step: step, wallTime: wallTime) { summary in
      for scalar in scalars {
        summary.message(field: 1) { value in
          value.string(scalar.tag, field: 1)
          value.float(scalar.value, field: 2)
        }
      }
    }
  }

  public func write(image: Image, tag: String, step: Int, wallTime: Double) throws {
    try summary(step: step, wallTime: wallTime) { summary in
      summary.message(field: 1) { value in
        value.string(tag, field: 1)
        value.message(field: 4) { picture in
          picture.integer(Int64(image.height), field: 1)
          picture.integer(Int64(image.width), field: 2)
          picture.integer(image.colorspace.rawValue, field: 3)
          picture.data(image.png, field: 4)
        }
      }
    }
  }

  /// Adds text, which TensorBoard reads as Markdown.
  public func write(text: String, tag: String, step: Int, wallTime: Double) throws {
    try summary(step: step, wallTime: wallTime) { summary in
      summary.message(field: 1) { value in
        value.string(tag, field: 1)
        value.message(field: 8) { tensor in
          tensor.integer(7, field: 1)  // DT_STRING
          tensor.message(field: 2) { shape in shape.message(field: 2) { $0.integer(1, field: 1) } }  // [1]
          tensor.string(text, field: 8)
        }
        value.message(field: 9) { metadata in metadata.message(field: 1) { $0.string("text", field: 1) } }
      }
    }
  }

  /// Waits until the disk has everything written so far.
  public func synchronize() throws { try file.synchronize() }

  private func summary(step: Int, wallTime: Double, _ body: (inout ProtobufWriter) -> Void) throws {
    try append(wallTime: wallTime, step: step) { $0.message(field: 5, body) }
  }

  private func append(wallTime: Double, step: Int, _ body: (inout ProtobufWriter) -> Void) throws {
    var event = ProtobufWriter()
    event.double(wallTime, field: 1)
    event.integer(Int64(step), field: 2)
    body(&event)
    try file.append(event.bytes)
  }

  /// TensorBoard reads a folder's files by name, so a name must come after those that are there, even when the clock
  /// was set back or stands still.
  private static func nextName(in folder: URL, wallTime: Double) throws -> String {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw InputError(at: folder.path, expected: "a folder for event files", found: "none that can be read")
    }
    var seconds = Int64(exactly: wallTime.rounded(.down)) ?? 0
    var number = 0
    for name in names {
      let parts = name.split(separator: ".")
      guard parts.count == 6, name.hasPrefix("events.out.tfevents."), let other = Int64(parts[3]),
        let count = Int(parts[5])
      else { continue }
      seconds = max(seconds, other)
      number = max(number, count + 1)
    }
    return "events.out.tfevents.\(padded(seconds, to: 10)).patina.\(padded(Int64(number), to: 4))"
  }

  private static func padded(_ value: Int64, to width: Int) -> String {
    let digits = String(max(value, 0))
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
