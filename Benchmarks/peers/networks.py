"""Generator and discriminator; parameter names are those of the published checkpoints."""

import torch
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), nn.ReLU(True),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.conv_block(x)


def generator(filters: int, blocks: int, channels: int = 3) -> nn.Sequential:
    """[N, C, H, W] in [-1, 1] to the same; H and W divisible by 4."""
    layers: list[nn.Module] = [
        nn.ReflectionPad2d(3), nn.Conv2d(channels, filters, 7), nn.InstanceNorm2d(filters), nn.ReLU(True)]
    for width in (filters, 2 * filters):
        layers += [
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.InstanceNorm2d(2 * width), nn.ReLU(True)]
    layers += [ResidualBlock(4 * filters) for _ in range(blocks)]
    for width in (4 * filters, 2 * filters):
        layers += [
            nn.ConvTranspose2d(width, width // 2, 3, stride=2, padding=1, output_padding=1),
            nn.InstanceNorm2d(width // 2), nn.ReLU(True)]
    layers += [nn.ReflectionPad2d(3), nn.Conv2d(filters, channels, 7), nn.Tanh()]
    return _initialised(nn.Sequential(*layers))


def discriminator(filters: int, channels: int = 3) -> nn.Sequential:
    """The 70 x 70 PatchGAN: [N, C, H, W] to a score per patch, [N, 1, H / 8 - 2, W / 8 - 2]."""
    layers: list[nn.Module] = [nn.Conv2d(channels, filters, 4, stride=2, padding=1), nn.LeakyReLU(0.2, True)]
    for width, stride in ((filters, 2), (2 * filters, 2), (4 * filters, 1)):
        layers += [
            nn.Conv2d(width, 2 * width, 4, stride=stride, padding=1), nn.InstanceNorm2d(2 * width),
            nn.LeakyReLU(0.2, True)]
    layers.append(nn.Conv2d(8 * filters, 1, 4, padding=1))
    return _initialised(nn.Sequential(*layers))


def _initialised(network: nn.Sequential) -> nn.Sequential:
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(module.weight, 0, 0.02)
            nn.init.zeros_(module.bias)
    return network
