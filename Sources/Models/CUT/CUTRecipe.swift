/// The published settings of a training run, but for the networks' sizes (Park et al., ECCV 2020, and the published code's
/// defaults).
public struct CUTRecipe: Codable, Equatable, Sendable {
  public var loss: CUTLoss
  /// Epochs at the full rate.
  public var constantEpochs: Int
  /// Epochs over which the rate falls to 0 along a straight line.
  public var decayEpochs: Int
  public var learningRate = 2e-4
  public var beta1 = 0.5
  public var beta2 = 0.999
  public var batchSize = 1
  /// Earlier fakes that the discriminator may be shown: none.
  public var poolSize = 0

  public init(loss: CUTLoss, constantEpochs: Int, decayEpochs: Int) {
    self.loss = loss
    self.constantEpochs = constantEpochs
    self.decayEpochs = decayEpochs
  }

  /// CUT: λ_NCE = 1 and the identity loss, 200 + 200 epochs.
  public static let cut = CUTRecipe(loss: .cut, constantEpochs: 200, decayEpochs: 200)

  /// FastCUT: λ_NCE = 10, no identity loss, half of the batches mirrored, 150 + 50 epochs.
  public static let fastCUT = CUTRecipe(loss: .fastCUT, constantEpochs: 150, decayEpochs: 50)
}

extension CUTLoss {
  public static let cut = CUTLoss()

  public static let fastCUT: CUTLoss = {
    var loss = CUTLoss()
    (loss.contrast, loss.identity, loss.mirroring) = (10, false, true)
    return loss
  }()
}
