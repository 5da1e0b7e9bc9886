import Layers
import Models
import Torch

// CycleGAN's critic on a picture of noise: how real does each patch of 70 × 70 pixels look?
let generator = try Generator(seed: 7)
let discriminator = try PatchDiscriminator(generator: generator)
let image = try Tensor.uniform([1, 3, 256, 256], low: -1, high: 1, generator: generator)
let scores = try withoutGradients { try discriminator(image) }

print("parameters  \(try discriminator.parameterCount())")
print("input       \(image.shape)")
print("output      \(scores.shape)")
print("mean score  \(try scores.mean().item())")
