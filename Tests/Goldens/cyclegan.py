"""One whole CycleGAN training step (Zhu et al., ICCV 2017), written from the paper's and its defaults' description."""

import itertools

import torch
from torch import nn
from torch.nn import functional as F

from goldens import File, generator

# The first step is recorded whole, of those after it only the losses: Adam's first step is the same for every beta.
STEPS = 4


class ResidualBlock(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels))

    def forward(self, x):
        return x + self.conv_block(x)


class Generator(nn.Module):
    """[N, C (+ classes), H, W] in [-1, 1] to [N, C, H, W]; H and W divisible by 4."""

    def __init__(self, channels: int, width: int, blocks: int, classes: int = 0):
        super().__init__()
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels + classes, width, 7), nn.InstanceNorm2d(width), nn.ReLU()]
        for into in (width, 2 * width):
            layers += [nn.Conv2d(into, 2 * into, 3, stride=2, padding=1), nn.InstanceNorm2d(2 * into), nn.ReLU()]
        layers += [ResidualBlock(4 * width) for _ in range(blocks)]
        for into in (4 * width, 2 * width):
            layers += [
                nn.ConvTranspose2d(into, into // 2, 3, stride=2, padding=1, output_padding=1),
                nn.InstanceNorm2d(into // 2), nn.ReLU()]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(width, channels, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class Discriminator(nn.Module):
    """The 70 x 70 PatchGAN: [N, C, H, W] to a map of scores, [N, 1, H / 8 - 2, W / 8 - 2]."""

    def __init__(self, channels: int, width: int):
        super().__init__()
        layers = [nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for into, stride in ((width, 2), (2 * width, 2), (4 * width, 1)):
            layers += [
                nn.Conv2d(into, 2 * into, 4, stride=stride, padding=1), nn.InstanceNorm2d(2 * into),
                nn.LeakyReLU(0.2)]
        layers += [nn.Conv2d(8 * width, 1, 4, padding=1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def full_size() -> list:
    """The published networks: name, channels, parameters."""
    return [
        (name, channels, count(make(channels)))
        for name, make in [
            ("ResNet 9 blocks, ngf 64", lambda channels: Generator(channels, 64, 9)),
            ("ResNet 6 blocks, ngf 64", lambda channels: Generator(channels, 64, 6)),
            ("PatchGAN, ndf 64", lambda channels: Discriminator(channels, 64)),
        ]
        for channels in (3, 1)
    ]


def lsgan(scores: torch.Tensor, target: float) -> torch.Tensor:
    return ((scores - target) ** 2).mean()


def images(shape, slope: float, random: torch.Generator) -> torch.Tensor:
    """Soft blobs on a ramp, inside [-1, 1]. The ramp's direction tells A from B, and a flip from none."""
    coarse = torch.randn((shape[0], shape[1], 6, 5), generator=random)
    blobs = F.interpolate(coarse, size=shape[2:], mode="bilinear", align_corners=False)
    grain = torch.randn(shape, generator=random) * 0.1
    ramp = torch.linspace(-slope, slope, shape[3])
    return torch.tanh(0.7 * blobs + grain + ramp)


def dead_biases(network: nn.Module) -> list:
    """Biases that instance norm takes out again: their gradients are rounding errors."""
    names = []
    for prefix, module in network.named_modules():
        if isinstance(module, nn.Sequential):
            for (name, layer), following in zip(module.named_children(), list(module.children())[1:]):
                if hasattr(layer, "bias") and isinstance(following, nn.InstanceNorm2d):
                    names.append(f"{prefix}.{name}.bias")
    return names


def behind(image, mask):
    """What a network sees: the image, and behind its channels a plane for each class of the mask."""
    return image if mask is None else torch.cat([image, mask], dim=1)


def translate(network, image, mask):
    """Changes the image only where some plane of the mask is not 0."""
    made = network(behind(image, mask))
    if mask is None:
        return made
    weight = mask.amax(dim=1, keepdim=True)
    return image * (1 - weight) + made * weight


def distance(made, image, mask):
    """The mean absolute difference, over what the mask covers if there is one."""
    whole = F.l1_loss(made, image)
    return whole if mask is None else whole / mask.amax(dim=1).mean()


def train(networks, optimizers, real_a, real_b, lambda_a, lambda_b, identity, mask_a=None, mask_b=None):
    """One step; returns the losses and the pictures that were made. Gradients stay behind in the parameters."""
    g_a, g_b, d_a, d_b = networks
    generators, discriminators = optimizers
    losses = {}

    # The generators: G_A makes B from A and is judged by D_A; G_B makes A from B and is judged by D_B.
    fake_b, fake_a = translate(g_a, real_a, mask_a), translate(g_b, real_b, mask_b)
    recovered_a, recovered_b = translate(g_b, fake_b, mask_a), translate(g_a, fake_a, mask_b)
    same_b, same_a = translate(g_a, real_b, mask_b), translate(g_b, real_a, mask_a)
    for network in (d_a, d_b):
        network.requires_grad_(False)
    losses["G_A"] = lsgan(d_a(behind(fake_b, mask_a)), 1)
    losses["G_B"] = lsgan(d_b(behind(fake_a, mask_b)), 1)
    losses["cycle_A"] = distance(recovered_a, real_a, mask_a) * lambda_a
    losses["cycle_B"] = distance(recovered_b, real_b, mask_b) * lambda_b
    losses["idt_A"] = distance(same_b, real_b, mask_b) * lambda_b * identity
    losses["idt_B"] = distance(same_a, real_a, mask_a) * lambda_a * identity
    losses["G"] = sum(losses.values())
    generators.zero_grad()
    losses["G"].backward()
    generators.step()

    # The discriminators see the fakes from before that step; a pool that is not full passes them through.
    for network in (d_a, d_b):
        network.requires_grad_(True)
    discriminators.zero_grad()
    for key, network, real, fake in (
            ("D_A", d_a, behind(real_b, mask_b), behind(fake_b, mask_a)),
            ("D_B", d_b, behind(real_a, mask_a), behind(fake_a, mask_b))):
        losses[key] = 0.5 * (lsgan(network(real), 1) + lsgan(network(fake.detach()), 0))
        losses[key].backward()
    discriminators.step()
    return losses, {
        "fake_A": fake_a, "fake_B": fake_b, "recovered_A": recovered_a, "recovered_B": recovered_b, "idt_A": same_b,
        "idt_B": same_a}


def masks(batch: int, classes: int, height: int, width: int, shift: int) -> torch.Tensor:
    """A soft box for each image, of one class, in another place and of another size each; most of the image is exactly 0."""
    result = torch.zeros(batch, classes, height, width)
    for index in range(batch):
        top, left = 8 + 5 * index + shift, 6 + 4 * index + shift
        plane = result[index, (index + shift) % classes]
        plane[top:top + 18 - shift, left:left + 16] = 0.5
        plane[top + 2:top + 16 - shift, left + 2:left + 14] = 1
    return result


def step(file: File, case: str, batch: int, channels: int, ngf: int, ndf: int, blocks: int, classes: int = 0):
    random = generator(case)
    height, width = 48, 40
    weights = {"lambda_A": 10.0, "lambda_B": 10.0, "identity": 0.5}
    networks = {
        "G_A": Generator(channels, ngf, blocks, classes), "G_B": Generator(channels, ngf, blocks, classes),
        "D_A": Discriminator(channels + classes, ndf), "D_B": Discriminator(channels + classes, ndf)}
    for network in networks.values():
        for name, parameter in network.named_parameters():
            # Wider than the published N(0, 0.02) and with biases, so that every term is far from 0.
            spread = 0.1 if name.endswith("bias") else 1.2 / parameter[0].numel() ** 0.5
            with torch.no_grad():
                parameter.normal_(0, spread, generator=random)
    real_a = images((batch, channels, height, width), 0.5, random)
    real_b = images((batch, channels, height, width), -0.8, random)
    settings = {"lr": 2e-4, "betas": (0.5, 0.999), "eps": 1e-8}
    file.describe(
        case, batch=batch, channels=channels, ngf=ngf, ndf=ndf, blocks=blocks, steps=STEPS, **weights, **settings)
    file.add(case, "real_A", real_a)
    file.add(case, "real_B", real_b)
    given = {}
    if classes:
        file.describe(case, classes=classes)
        given = {f"mask_{key}": masks(batch, classes, height, width, shift) for key, shift in (("a", 0), ("b", 3))}
        file.add(case, "mask_A", given["mask_a"])
        file.add(case, "mask_B", given["mask_b"])
    for key, network in networks.items():
        file.describe(case, **{f"dead_biases.{key}": dead_biases(network)})
        for name, parameter in network.named_parameters():
            file.add(case, f"parameter.{key}.{name}", parameter)

    def adam(*keys):
        return torch.optim.Adam(
            itertools.chain(*(networks[key].parameters() for key in keys)), **settings)

    optimizers = adam("G_A", "G_B"), adam("D_A", "D_B")
    trajectory = {}
    for index in range(STEPS):
        losses, pictures = train(
            networks.values(), optimizers, real_a, real_b, weights["lambda_A"], weights["lambda_B"],
            weights["identity"], **given)
        for name, value in losses.items():
            assert value.item() > (0.05 if index == 0 else 1e-3), f"{case}: loss {name} is too near 0 to show a fault"
            trajectory.setdefault(name, []).append(value.detach())
        if index > 0:
            continue
        for name, tensor in pictures.items():
            file.add(case, name, tensor)
        for name, value in losses.items():
            file.add(case, f"loss.{name}", value)
        for key, network in networks.items():
            for name, parameter in network.named_parameters():
                file.add(case, f"gradient.{key}.{name}", parameter.grad)
                file.add(case, f"after.{key}.{name}", parameter)
    for name, values in trajectory.items():
        file.add(case, f"trajectory.{name}", torch.stack(values))


def make() -> File:
    file = File()
    step(file, "rgb", batch=1, channels=3, ngf=8, ndf=4, blocks=2)
    step(file, "gray", batch=2, channels=1, ngf=4, ndf=6, blocks=2)
    return file


def make_masked() -> File:
    """The step of a translator that is conditioned on masks."""
    file = File()
    step(file, "masked", batch=2, channels=1, ngf=4, ndf=4, blocks=1, classes=2)
    return file
