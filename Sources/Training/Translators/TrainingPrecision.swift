import Torch

/// The numbers that networks compute with while they learn.
public enum TrainingPrecision: String, Codable, CaseIterable, Sendable {
  case float32 = "fp32"
  /// Convolutions in bfloat16, sums, losses and weights in float32.
  case bfloat16 = "bf16"

  var dataType: DataType { self == .float32 ? .float32 : .bfloat16 }
}
