import Files
import Foundation

/// Memory of this process that is in RAM, in bytes (proc(5): VmRSS and VmHWM).
struct ProcessMemory {
  let resident: Int
  let peak: Int

  static func current() throws -> ProcessMemory {
    let path = "/proc/self/status"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    func bytes(_ key: String) throws -> Int {
      let fields = lines.first { $0.hasPrefix("\(key):") }?.split(whereSeparator: \.isWhitespace) ?? []
      guard fields.count == 3, let kibibytes = Int(fields[1]) else {
        throw InputError(at: path, expected: "\(key) in kB", found: fields.joined(separator: " "))
      }
      return kibibytes * 1024
    }
    return ProcessMemory(resident: try bytes("VmRSS"), peak: try bytes("VmHWM"))
  }
}
