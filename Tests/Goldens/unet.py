"""U-Net (Ronneberger et al., MICCAI 2015) with batch norm and margins of zeros: logits, loss and gradients.

Written from the paper's figure 1 and the description in Sources/Models/UNet. Computed in float64, written as float32.
"""

import torch
from torch import nn
from torch.nn import functional as F

from goldens import File, generator


class Double(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class Up(nn.Module):
    def __init__(self, channels: int, upsampling: str):
        super().__init__()
        if upsampling == "transposed":
            self.transposed = nn.ConvTranspose2d(2 * channels, channels, 2, stride=2)
        else:
            self.projection = nn.Conv2d(2 * channels, channels, 1)
        self.upsampling = upsampling

    def forward(self, x):
        if self.upsampling == "transposed":
            return self.transposed(x)
        # Interpolated first, then projected: the other order is an equal one, and here it is shown to be.
        return self.projection(F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False))


class Expansion(nn.Module):
    def __init__(self, channels: int, upsampling: str):
        super().__init__()
        self.up, self.convolutions = Up(channels, upsampling), Double(2 * channels, channels)

    def forward(self, x, skipped):
        return self.convolutions(torch.cat([skipped, self.up(x)], 1))


class UNet(nn.Module):
    def __init__(self, channels: int, classes: int, width: int, depth: int, upsampling: str):
        super().__init__()
        widths = [width * 2 ** level for level in range(depth + 1)]
        self.contracting = nn.ModuleList([Double(a, b) for a, b in zip([channels] + widths, widths)])
        self.expanding = nn.ModuleList([Expansion(each, upsampling) for each in reversed(widths[:-1])])
        self.head = nn.Conv2d(width, classes, 1)
        self.unit = 2 ** depth

    def forward(self, x):
        height, width = x.shape[2:]
        below, right = -height % self.unit, -width % self.unit
        x = F.pad(x, (0, right, 0, below), mode="reflect" if below < height and right < width else "replicate")
        seen = []
        for level, step in enumerate(self.contracting):
            x = step(F.max_pool2d(x, 2) if level else x)
            seen.append(x)
        for step, skipped in zip(self.expanding, reversed(seen[:-1])):
            x = step(x, skipped)
        return self.head(x)[:, :, :height, :width]


def loss(logits, target, weight, cross_entropy, dice):
    """Cross-entropy of all pixels, and Dice of the classes behind the first, each over the whole batch."""
    truth = F.one_hot(target, logits.shape[1]).permute(0, 3, 1, 2).to(logits.dtype)
    p, t = logits.softmax(1)[:, 1:], truth[:, 1:]
    overlap = (2 * (p * t).sum((0, 2, 3)) + 1) / (p.sum((0, 2, 3)) + t.sum((0, 2, 3)) + 1)
    return cross_entropy * F.cross_entropy(logits, target, weight=weight) + dice * (1 - overlap).mean()


def case(
    file: File, name: str, channels: int, classes: int, width: int, depth: int, upsampling: str, batch: int,
    height: int, wide: int, training: bool, weights=None, cross_entropy: float = 1.0, dice: float = 1.0
):
    random = generator(name)
    file.describe(
        name, channels=channels, classes=classes, width=width, depth=depth, upsampling=upsampling, training=training,
        cross_entropy=cross_entropy, dice=dice)
    network = UNet(channels, classes, width, depth, upsampling).double().train(training)
    for key, tensor in network.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        spread = torch.randn(tensor.shape, generator=random)
        if key.endswith("running_var") or ("bn" in key and key.endswith("weight")):
            value = 1 + 0.3 * torch.rand(tensor.shape, generator=random)
        elif tensor.dim() == 1:
            value = 0.1 * spread
        else:
            value = spread * 1.2 / tensor[0].numel() ** 0.5
        value = value.to(torch.float32)
        tensor.copy_(value)
        file.add(name, f"parameter.{key}", value)
    x = torch.randn((batch, channels, height, wide), generator=random)
    target = torch.randint(0, classes, (batch, height, wide), generator=random)
    target[0, : height // 2] = 0
    file.add(name, "input", x)
    file.add(name, "target", target)
    x = x.double().requires_grad_()
    weight = None
    if weights:
        weight = torch.tensor(weights, dtype=torch.float64)
        file.add(name, "weight", weight)
    output = network(x)
    value = loss(output, target, weight, cross_entropy, dice)
    value.backward()
    file.add(name, "output", output)
    file.add(name, "loss", value)
    file.add(name, "gradient.input", x.grad)
    for key, parameter in network.named_parameters():
        file.add(name, f"gradient.{key}", parameter.grad)


def make() -> File:
    file = File()
    case(file, "unet", 1, 3, 2, 2, "transposed", 2, 12, 16, True)
    case(file, "unet_odd", 1, 2, 2, 2, "transposed", 2, 13, 10, True, weights=[0.3, 2.0], dice=0.7)
    case(file, "unet_bilinear", 3, 4, 3, 3, "bilinear", 1, 21, 24, True, cross_entropy=0.5)
    # Smaller than what is missing to a multiple of 8, by the running statistics.
    case(file, "unet_small", 1, 2, 2, 3, "bilinear", 2, 3, 9, False)
    return file
