import Torch

/// Carries a plan out, strip after strip, with the statistics of whole maps.
struct StripEvaluation {
  let plan: StripPlan
  /// Of the input, and rows of a strip there; maps that are smaller have strips that are smaller by as much.
  let height: Int
  let rows: Int

  func output(of input: Tensor) throws(TorchError) -> Tensor {
    let pass = try pass(through: plan.steps, over: StripPass(StripMap(input), height: height, owned: false))
    var parts: [Tensor] = []
    for strip in strips(of: plan.outputHeight) {
      pass.release(above: strip.lowerBound)
      parts.append(try pass.rows(strip).cloned())
    }
    return try Tensor.concatenated(parts, 2)
  }

  /// Strips of a map of so many rows, from the top.
  private func strips(of mapHeight: Int) -> [Range<Int>] {
    let step = max(1, rows * mapHeight / height)
    return stride(from: 0, to: mapHeight, by: step).map { $0..<min($0 + step, mapHeight) }
  }

  private func pass(through steps: [StripPlan.Step], over start: StripPass) throws(TorchError) -> StripPass {
    var pass = start
    for step in steps {
      switch step {
      case .local(let local): pass.pending.append(.local(local))
      case .pointwise(let layer): pass.pending.append(.pointwise(layer))
      case .norm(let epsilon, let count, let height):
        var statistics = ChannelStatistics()
        var first: Tensor?
        if count <= plan.smallestNormed {
          pass = try kept(pass, height) { strip throws(TorchError) in
            try statistics.add(strip)
            first = strip
            return strip
          }
        } else {
          for strip in strips(of: height) {
            let part = try pass.rows(strip)
            try statistics.add(part)
            first = part
          }
        }
        guard let first else { continue }
        let (mean, scale) = try statistics.normalization(
          epsilon: epsilon, images: first.shape[0], device: first.device)
        pass.pending.append(.normalized(mean: mean, scale: scale))
      case .residual(let body, let height):
        let isThere = pass.owned && pass.pending.isEmpty
        let input = isThere ? pass : try kept(pass, height) { strip in strip }
        let inner = try self.pass(through: body, over: StripPass(input.source, height: height, owned: false))
        var row = 0
        pass = try kept(inner, height) { strip throws(TorchError) in
          let range = row..<row + strip.shape[2]
          row = range.upperBound
          let sum = try input.source.rows(range) + strip
          input.source.release(above: row)
          return sum
        }
      }
    }
    return pass
  }

  /// The map of a pass, computed and kept as what `change` makes of its strips; what it was made of is let go on the way.
  private func kept(
    _ pass: StripPass, _ height: Int, _ change: (Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) -> StripPass {
    let map = StripMap()
    for strip in strips(of: height) {
      pass.release(above: strip.lowerBound)
      // A part of a larger tensor would keep all of it.
      map.append(try change(pass.rows(strip)).cloned())
    }
    return StripPass(map, height: height, owned: true)
  }
}

/// A map that is there, and the steps that still have to be done to its rows.
struct StripPass {
  enum Pending {
    case local(LocalStep)
    case pointwise(any Layer)
    /// Each [N, C, 1, 1].
    case normalized(mean: Tensor, scale: Tensor)
  }

  let source: StripMap
  let height: Int
  /// Whether nobody else needs the source.
  let owned: Bool
  var pending: [Pending] = []

  init(_ source: StripMap, height: Int, owned: Bool) {
    self.source = source
    self.height = height
    self.owned = owned
  }

  func rows(_ range: Range<Int>) throws(TorchError) -> Tensor { try rows(range, after: pending[...]) }

  private func rows(_ range: Range<Int>, after steps: ArraySlice<Pending>) throws(TorchError) -> Tensor {
    guard let step = steps.last else { return try source.rows(range) }
    switch step {
    case .local(let local): return try local(rows(local.window(for: range), after: steps.dropLast()), rows: range)
    case .pointwise(let layer): return try layer(rows(range, after: steps.dropLast()))
    case .normalized(let mean, let scale): return try (rows(range, after: steps.dropLast()) - mean) * scale
    }
  }

  /// Lets go of what no row from `row` on needs, where nobody else does.
  func release(above row: Int) {
    guard owned else { return }
    var needed = row..<row + 1
    for step in pending.reversed() {
      if case .local(let local) = step { needed = local.window(for: needed) }
    }
    source.release(above: needed.lowerBound)
  }
}
