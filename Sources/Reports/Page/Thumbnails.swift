import Foundation

/// Small pictures as parts of a page, written into it as `data:` addresses.
struct Thumbnails<Key: Hashable> {
  private let addresses: [Key: String]

  /// - Parameter files: PNG or JPEG; anything else is left out.
  init(_ files: [Key: Data]) {
    addresses = files.compactMapValues { file in
      let type: String
      if file.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
        type = "image/png"
      } else if file.starts(with: [0xff, 0xd8, 0xff]) {
        type = "image/jpeg"
      } else {
        return nil
      }
      return "data:\(type);base64,\(file.base64EncodedString())"
    }
  }

  func has(_ name: Key) -> Bool { addresses[name] != nil }

  /// A picture with its caption; its name alone where there is no picture.
  func figure(_ name: Key, caption: HTML, description: String) -> HTML {
    let picture: HTML
    if let address = addresses[name] {
      picture = "<img src=\"\(address)\" alt=\"\(description)\" loading=\"lazy\">"
    } else {
      picture = "<div class=\"nopicture\">no picture</div>"
    }
    return "<figure>\(picture)<figcaption>\(caption)</figcaption></figure>"
  }
}
