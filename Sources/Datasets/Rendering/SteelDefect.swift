import Foundation
import Images
import Randomness

/// A flaw on a rendered surface: what it does to height and brightness, and which pixels it takes.
struct SteelDefect {
  enum Kind: String, CaseIterable, Codable, Sendable {
    /// A groove with raised lips, nearly straight.
    case scratch
    /// Round holes, one or a few.
    case pit
    /// Dark foreign matter, drawn out along the rolling direction.
    case inclusion
  }

  /// Added to the surface, in micrometres.
  var height: Field
  /// Multiplied with the surface's brightness.
  var albedo: Field
  var mask: Mask

  init(_ kind: Kind, size: Int, _ random: inout SeededGenerator) {
    height = Field(size: size)
    albedo = Field(size: size, filledWith: 1)
    mask = Mask(width: size, height: size)
    // A faint or off-centre flaw may take no pixel at all; it is drawn anew, so that every defect has a mask.
    repeat {
      height = Field(size: size)
      albedo = Field(size: size, filledWith: 1)
      switch kind {
      case .scratch: scratch(&random)
      case .pit: pits(&random)
      case .inclusion: inclusion(&random)
      }
      mask = Mask(
        width: size, height: size,
        bits: zip(height.values, albedo.values).map { abs($0) > 0.3 || abs($1 - 1) > 0.08 ? 1 : 0 })
    } while mask.area < 4
  }

  private mutating func scratch(_ random: inout SeededGenerator) {
    let size = height.size
    let side = Double(size)
    let angle = random.uniform(0, 2 * .pi)
    let length = side * random.uniform(0.3, 0.85)
    let bend = random.uniform(-0.35, 0.35) / length
    let radius = random.uniform(0.7, 1.5) * max(1, side / 128)
    let depth = random.uniform(1.2, 3.2)
    let skips = max(0, random.uniform(-0.3, 0.3))
    let fresh = random.uniform(0.1, 0.6)  // Bare metal is brighter than the rolled skin.
    var (x, y) = (side * random.uniform(0.3, 0.7), side * random.uniform(0.3, 0.7))
    x -= cos(angle) * length / 2
    y -= sin(angle) * length / 2
    // The tool that scratches presses and jumps: pressure follows a slow wave.
    let phase = random.uniform(0, 2 * .pi)
    let pace = random.uniform(2, 5) / length
    var heading = angle - bend * length / 2
    var profile = Field(size: size, filledWith: .infinity)
    var pressure = Field(size: size)
    let steps = Int(length * 2)
    for step in 0..<steps {
      let along = Double(step) / Double(max(steps - 1, 1))
      let press = min(1, 6 * along, 6 * (1 - along)) * (0.75 + 0.25 * sin(phase + pace * length * along * 2 * .pi))
      let lifted = sin(phase * 3 + along * 17) < 2 * skips - 1
      if !lifted {
        let reach = Int(radius * 3) + 2
        let (cx, cy) = (Int(x.rounded()), Int(y.rounded()))
        for py in max(cy - reach, 0)...max(min(cy + reach, size - 1), max(cy - reach, 0)) where py < size {
          for px in max(cx - reach, 0)...max(min(cx + reach, size - 1), max(cx - reach, 0)) where px < size {
            let (dx, dy) = (Double(px) - x, Double(py) - y)
            let distance = (dx * dx + dy * dy).squareRoot()
            if distance < profile[px, py] {
              profile[px, py] = distance
              pressure[px, py] = press
            }
          }
        }
      }
      heading += bend / 2
      x += cos(heading) / 2
      y += sin(heading) / 2
    }
    for index in profile.values.indices where profile.values[index].isFinite {
      let t = profile.values[index] / radius
      let groove = -depth * exp(-t * t)
      let lip = 0.35 * depth * exp(-(t - 1.8) * (t - 1.8) * 3)
      height.values[index] = pressure.values[index] * (groove + lip)
      albedo.values[index] = 1 + fresh * pressure.values[index] * exp(-t * t)
    }
  }

  private mutating func pits(_ random: inout SeededGenerator) {
    let size = height.size
    let side = Double(size)
    let home = (x: side * random.uniform(0.2, 0.8), y: side * random.uniform(0.2, 0.8))
    var edge = Field(size: size)
    edge.addNoise(across: max(3, side / 20), down: max(3, side / 20), strength: 0.16, &random)
    for number in 0...random.int(below: 3) {
      let spread = number == 0 ? 0 : side * 0.12
      let centre = (x: home.x + random.normal() * spread, y: home.y + random.normal() * spread)
      let radius = side * random.uniform(0.03, 0.085) / (number == 0 ? 1 : 1.6) + 0.7
      let stretch = random.uniform(0.75, 1.3)
      let depth = random.uniform(2, 5.5)
      for y in 0..<size {
        for x in 0..<size {
          let (dx, dy) = ((Double(x) - centre.x) / stretch, (Double(y) - centre.y) * stretch)
          let t = (dx * dx + dy * dy).squareRoot() / radius + edge[x, y]
          guard t < 1.6 else { continue }
          // Steep walls and a flat floor.
          let wall = 1 / (1 + exp(9 * (t - 1)))
          height[x, y] = min(height[x, y], -depth * wall)
          albedo[x, y] = min(albedo[x, y], 1 - 0.25 * wall)
        }
      }
    }
  }

  private mutating func inclusion(_ random: inout SeededGenerator) {
    let size = height.size
    let side = Double(size)
    let centre = (x: side * random.uniform(0.25, 0.75), y: side * random.uniform(0.15, 0.85))
    let half = (x: side * random.uniform(0.12, 0.32), y: side * random.uniform(0.02, 0.05) + 0.8)
    let tilt = random.uniform(-0.08, 0.08)
    let darkness = random.uniform(0.25, 0.55)
    var edge = Field(size: size)
    edge.addNoise(across: max(4, side / 10), down: max(2, side / 30), strength: 0.45, &random)
    edge.addNoise(across: 3, down: 2, strength: 0.15, &random)
    var rough = Field(size: size)
    rough.addNoise(across: 3, down: 1.5, strength: 0.7, &random)
    for y in 0..<size {
      for x in 0..<size {
        let dx = (Double(x) - centre.x) / half.x
        let dy = (Double(y) - centre.y - tilt * (Double(x) - centre.x)) / half.y
        let t = (dx * dx + dy * dy).squareRoot() + edge[x, y]
        let inside = 1 / (1 + exp(7 * (t - 1)))
        guard inside > 0.05 else { continue }
        albedo[x, y] = 1 - darkness * inside
        height[x, y] = inside * (rough[x, y] - 0.4)
      }
    }
  }
}
