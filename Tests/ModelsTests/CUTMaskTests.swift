import Layers
import Models
import Randomness
import Testing
import Torch

/// CUT that is told where: nothing but what masks cover changes, networks see the masks, and without them all is as published.
struct CUTMaskTests {
  private let clean: Tensor
  private let defect: Tensor

  init() throws {
    let random = try Generator(seed: 4)
    clean = try Tensor.normal([2, 1, 32, 32], generator: random).tanh()
    defect = try Tensor.normal([2, 1, 32, 32], generator: random).tanh()
  }

  private func model(classes: Int) throws -> CUT {
    let model = try CUT(
      channels: 1, maskClasses: classes, filters: 4, blocks: 5, discriminatorFilters: 4, headWidth: 8,
      generator: Generator(seed: 0))
    // Far from the first weights, with which everything is nearly nothing.
    let random = try Generator(seed: 5)
    for parameter in try model.parameters() {
      let shape = parameter.tensor.shape
      let fan = Double(max(1, shape.dropFirst().reduce(1, *)))
      try withoutGradients {
        try parameter.tensor.fillNormal(
          standardDeviation: shape.count > 1 ? 1.2 / fan.squareRoot() : 0.1, generator: random)
      }
    }
    return model
  }

  private func draw(_ loss: CUTLoss, _ model: CUT, mirrored: Bool) throws -> CUTDraw {
    var random = SeededGenerator(seed: 6)
    let drawn = try CUTDraw(for: loss, model, height: 32, width: 32, using: &random)
    return CUTDraw(mirrored: mirrored, patches: drawn.patches, identityPatches: drawn.identityPatches)
  }

  /// Planes with 1 in a rectangle of each image, all to the left, so that a mirror shows.
  private func mask(_ columns: Range<Int>, classes: Int = 2) throws -> DefectMask {
    var values = [Float](repeating: 0, count: 2 * classes * 32 * 32)
    for image in 0..<2 {
      for y in 8..<20 { for x in columns { values[((image * classes + image % classes) * 32 + y) * 32 + x] = 1 } }
    }
    return try DefectMask(Tensor(values, shape: [2, classes, 32, 32]))
  }

  @Test(arguments: [false, true]) func onlyWhatMasksCoverChanges(mirrored: Bool) throws {
    let model = try model(classes: 2)
    let masks = try DefectMasks(clean: mask(2..<9), defect: mask(4..<12))
    let loss = CUTLoss.cut
    let pass = try loss.pass(model, clean: clean, defect: defect, masks: masks, draw(loss, model, mirrored: mirrored))
    let pictures = try [(pass.fakeDefect, clean, 2..<9), (#require(pass.sameDefect), defect, 4..<12)]
    for (made, image, columns) in pictures {
      let before = try (mirrored ? image.flipped([3]) : image).elements(as: Float.self)
      let after = try made.elements(as: Float.self)
      for index in after.indices {
        let (x, y) = (mirrored ? 31 - index % 32 : index % 32, index / 32 % 32)
        let isCovered = columns.contains(x) && (8..<20).contains(y)
        #expect((after[index].bitPattern != before[index].bitPattern) == isCovered)
      }
    }
    // The discriminator sees the masks as they lie on what it judges.
    let planes = try mirrored ? masks.clean.planes.flipped([3]) : masks.clean.planes
    #expect(pass.judged.shape == [2, 3, 32, 32])
    #expect(try pass.judged.sliced(1, 1..<3).elements(as: Float.self) == planes.elements(as: Float.self))
    #expect(try pass.judged.sliced(1, 0..<1).elements(as: Float.self) == pass.fakeDefect.elements(as: Float.self))
  }

  /// With masks over everything, and weights that do not look at them, every loss and gradient is that of CUT without masks.
  @Test(arguments: [false, true], [true, false]) func fullMasksGivePlainCUT(mirrored: Bool, identity: Bool) throws {
    let (plain, told) = try (model(classes: 0), model(classes: 1))
    var state = try plain.stateDictionary()
    for (name, tensor) in try told.stateDictionary() {
      let (own, other) = (tensor.shape, try #require(state[name]).shape)
      guard own != other else { continue }
      // The first convolutions have a plane more.
      let nothing = try Tensor.zeros([own[0], 1] + own.dropFirst(2))
      state[name] = try .concatenated([#require(state[name]), nothing], 1)
    }
    try told.load(state)
    var loss = CUTLoss.cut
    loss.identity = identity
    let full = try DefectMask(Tensor.ones([2, 1, 32, 32]))

    func found(_ model: CUT, _ masks: DefectMasks?) throws -> (losses: [Double], gradients: [String: Tensor]) {
      let pass = try loss.pass(
        model, clean: clean, defect: defect, masks: masks, draw(loss, plain, mirrored: mirrored))
      let real = try masks?.defect.behind(defect) ?? defect
      let discriminator = try loss.discriminator(model.defectDiscriminator, real: real, fake: pass.judged)
      let terms = try loss.translator(model, pass)
      try terms.total.backward()
      let gradients = try (model.cleanToDefect.namedParameters() + model.patchHeads.namedParameters()).map {
        ($0.name, try #require(try $0.parameter.tensor.gradient()))
      }
      let losses = try [discriminator, terms.adversarial, terms.nce, terms.total].map { try $0.item() }
      return (losses, Dictionary(uniqueKeysWithValues: gradients))
    }
    let (expected, gradients) = try found(plain, nil)
    let (losses, others) = try found(told, DefectMasks(clean: full, defect: full))
    for (one, other) in zip(expected, losses) { #expect(abs(one - other) < 1e-4 * abs(one), "\(one) \(other)") }
    let largest = try gradients.values.map { try $0.norm().item() }.max() ?? 0
    for (name, gradient) in gradients {
      let inputs = gradient.shape.count > 1 ? gradient.shape[1] : 0
      let other = try inputs > 0 ? #require(others[name]).sliced(1, 0..<inputs) : #require(others[name])
      let off = try (gradient - other).norm().item()
      #expect(try off < 1e-2 * gradient.norm().item() + 1e-4 * largest, "\(name)")
    }
  }

  @Test func whatIsMadeDependsOnTheClass() throws {
    let model = try model(classes: 2)
    let one = try mask(2..<20)
    let other = try DefectMask(.concatenated([one.planes.sliced(1, 1..<2), one.planes.sliced(1, 0..<1)], 1))
    let pictures = try withoutGradients {
      try [one, other].map { try model.makingDefects(on: clean, where: $0).elements(as: Float.self) }
    }
    #expect(pictures[0] != pictures[1])
  }
}
