"""Three CUT training steps (Park et al., ECCV 2020), written from the paper's and its defaults' description.

Computed in float64 and written as float32, so that what is compared is not the rounding of one implementation.
"""

import torch
from torch import nn
from torch.nn import functional as F

from cyclegan import ResidualBlock, count, images, lsgan
from goldens import File, generator

STEPS = 3


def binomial(line, channels: int, gain: float) -> torch.Tensor:
    """A filter for every channel: the products of a line with itself, which sum up to the gain."""
    line = torch.tensor(line, dtype=torch.float64)
    plane = torch.outer(line, line)
    return (gain * plane / plane.sum()).expand(channels, 1, -1, -1).clone()


class Down(nn.Module):
    """Blur and keep every second pixel."""

    def __init__(self, channels: int):
        super().__init__()
        self.register_buffer("filt", binomial([1, 2, 1], channels, 1))

    def forward(self, x):
        return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), self.filt, stride=2, groups=x.shape[1])


class Up(nn.Module):
    """A zero after every pixel, then a blur that makes up for them."""

    def forward(self, x):
        padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
        full = F.conv_transpose2d(padded, binomial([1, 3, 3, 1], x.shape[1], 4), stride=2, groups=x.shape[1])
        # Output 2i + k has pixel i of the padded times filter k; the picture begins behind 3 outputs of the margin.
        return full[:, :, 3:3 + 2 * x.shape[2], 3:3 + 2 * x.shape[3]]


class Generator(nn.Module):
    def __init__(self, channels: int, width: int, blocks: int, antialiasing: bool):
        super().__init__()
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels, width, 7), nn.InstanceNorm2d(width), nn.ReLU()]
        for into in (width, 2 * width):
            layers += [
                nn.Conv2d(into, 2 * into, 3, stride=1 if antialiasing else 2, padding=1),
                nn.InstanceNorm2d(2 * into), nn.ReLU()]
            layers += [Down(2 * into)] if antialiasing else []
        layers += [ResidualBlock(4 * width) for _ in range(blocks)]
        for into in (4 * width, 2 * width):
            layers += [Up(), nn.Conv2d(into, into // 2, 3, padding=1)] if antialiasing else [
                nn.ConvTranspose2d(into, into // 2, 3, stride=2, padding=1, output_padding=1)]
            layers += [nn.InstanceNorm2d(into // 2), nn.ReLU()]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(width, channels, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)

    def features(self, x, places):
        found = []
        for place, layer in enumerate(self.model[:places[-1] + 1]):
            x = layer(x)
            if place in places:
                found.append(x)
        return found


class Discriminator(nn.Module):
    def __init__(self, channels: int, width: int, antialiasing: bool):
        super().__init__()
        layers = []
        for into, out in ((channels, width), (width, 2 * width), (2 * width, 4 * width)):
            layers += [nn.Conv2d(into, out, 4, stride=1 if antialiasing else 2, padding=1)]
            layers += [nn.InstanceNorm2d(out)] if layers[1:] else []
            layers += [nn.LeakyReLU(0.2)] + ([Down(out)] if antialiasing else [])
        layers += [
            nn.Conv2d(4 * width, 8 * width, 4, padding=1), nn.InstanceNorm2d(8 * width), nn.LeakyReLU(0.2),
            nn.Conv2d(8 * width, 1, 4, padding=1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class Heads(nn.Module):
    """Features at sampled places to vectors of length 1."""

    def __init__(self, channels, width: int):
        super().__init__()
        self.layers = len(channels)
        for index, inputs in enumerate(channels):
            setattr(self, f"mlp_{index}", nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width)))

    def forward(self, features, places):
        vectors = []
        for index in range(self.layers):
            # Not by way of permute(0, 2, 3, 1): PyTorch 2.13.0's instance norm on the CPU gives wrong gradients for a batch
            # of one when they reach it with channels innermost.
            pixels = features[index].flatten(2)[:, :, places[index]].transpose(1, 2)
            vector = getattr(self, f"mlp_{index}")(pixels)
            vectors.append(vector / (vector.square().sum(2, keepdim=True).sqrt() + 1e-7))
        return vectors


def patch_nce(queries: torch.Tensor, keys: torch.Tensor, temperature: float) -> torch.Tensor:
    """The positive in front, all others of the same image behind it, and class 0 is right."""
    losses = []
    for query, key in zip(queries, keys.detach()):
        similarity = query @ key.T
        patches = len(query)
        others = similarity[~torch.eye(patches, dtype=torch.bool)].reshape(patches, patches - 1)
        logits = torch.cat([similarity.diagonal()[:, None], others], 1) / temperature
        losses.append(F.cross_entropy(logits, torch.zeros(patches, dtype=torch.long)))
    return torch.stack(losses).mean()


def full_size() -> list:
    return [
        (name, channels, count(module))
        for channels in (3, 1)
        for name, module in [
            ("CUT ResNet 9 blocks, ngf 64", Generator(channels, 64, 9, True)),
            ("CUT ResNet 6 blocks, ngf 64", Generator(channels, 64, 6, True)),
            ("CUT PatchGAN, ndf 64", Discriminator(channels, 64, True)),
            ("CUT heads, 256", Heads([channels, 128, 256, 256, 256], 256)),
        ]
    ]


def translate(g, real_a, real_b, settings, mirrored):
    """What the generator makes of A, and of B where there is an identity loss."""
    source = torch.cat([real_a, real_b]) if settings["identity"] else real_a
    made = g(source.flip(3) if mirrored else source)
    return made[:len(real_a)], made[len(real_a):]


def keys_of(g, f, real, settings, places):
    return [key.detach() for key in f(g.features(real, settings["layers"]), places)]


def translator(networks, pictures, keys, settings, mirrored, places):
    """The losses of the generator and the heads. Pictures, keys and places are lists: of A, and perhaps of B."""
    g, f, d = networks
    losses, layers = {"G_GAN": lsgan(d(pictures[0]), 1)}, {}
    for suffix, picture, key, place in zip(("", "_Y"), pictures, keys, places):
        queries = g.features(picture, settings["layers"])
        if mirrored:
            queries = [query.flip(3) for query in queries]
        each = [patch_nce(query, fixed, settings["temperature"]) for query, fixed in zip(f(queries, place), key)]
        losses[f"NCE{suffix}"] = settings["lambda_NCE"] * sum(each) / len(each)
        layers[f"nce{suffix}"] = torch.stack(each)
    losses["G"] = losses["G_GAN"] + sum(losses[key] for key in ("NCE", "NCE_Y") if key in losses) / len(layers)
    return losses, layers


def train(networks, optimizers, real_a, real_b, settings, mirrored, places):
    """One step; returns losses by name and what was made on the way. Gradients stay behind in the parameters."""
    g, f, d = networks
    fake_b, same_b = translate(g, real_a, real_b, settings, mirrored)

    # The discriminator first.
    d.requires_grad_(True)
    optimizers["D"].zero_grad()
    judged = 0.5 * (lsgan(d(real_b), 1) + lsgan(d(fake_b.detach()), 0))
    judged.backward()
    optimizers["D"].step()

    # Then, judged by the new discriminator, the generator and the heads.
    d.requires_grad_(False)
    keys = [keys_of(g, f, real, settings, place) for real, place in zip((real_a, real_b), places)]
    losses, layers = translator(networks, (fake_b, same_b), keys, settings, mirrored, places)
    for key in ("G", "F"):
        optimizers[key].zero_grad()
    losses["G"].backward()

    def value():
        with torch.no_grad():
            pictures = translate(g, real_a, real_b, settings, mirrored)
            return translator(networks, pictures, keys, settings, mirrored, places)[0]["G"].item()

    for network in (g, f):
        check_slope(value, list(network.parameters()))
    for key in ("G", "F"):
        optimizers[key].step()
    return losses | {"D": judged}, {"fake_B": fake_b} | ({"idt_B": same_b} if settings["identity"] else {}) | layers


def check_slope(value, parameters):
    """Fails where gradients are not what differences say: goldens should not pass on a fault of PyTorch's."""
    before = [parameter.detach().clone() for parameter in parameters]
    directions = [torch.randn(x.shape, generator=generator("slope"), dtype=x.dtype) for x in before]
    ends = []
    for step in (1e-8, -1e-8):
        with torch.no_grad():
            for parameter, start, direction in zip(parameters, before, directions):
                parameter.copy_(start + step * direction)
        ends.append(value())
    with torch.no_grad():
        for parameter, start in zip(parameters, before):
            parameter.copy_(start)
    slope = sum((parameter.grad * direction).sum() for parameter, direction in zip(parameters, directions)).item()
    differences = (ends[0] - ends[1]) / 2e-8
    assert abs(slope - differences) < 1e-4 * abs(slope), f"gradients say {slope}, differences {differences}"


def step(
    file: File, case: str, batch: int, channels: int, ngf: int, ndf: int, blocks: int, antialiasing: bool, layers,
    mirrored, head: int = 8, patches: int = 20, **settings
):
    random = generator(case)
    height, width = 32, 24
    settings |= {"layers": layers, "temperature": 0.07, "patches": patches}
    adam = {"lr": 2e-4, "betas": (0.5, 0.999), "eps": 1e-8}
    real_a = images((batch, channels, height, width), 0.5, random)
    real_b = images((batch, channels, height, width), -0.8, random)
    g = Generator(channels, ngf, blocks, antialiasing)
    shapes = [tuple(x.shape[1:]) for x in g.double().features(real_a.double(), layers)]
    networks = {
        "G": g, "F": Heads([shape[0] for shape in shapes], head), "D": Discriminator(channels, ndf, antialiasing)}
    file.describe(
        case, batch=batch, channels=channels, ngf=ngf, ndf=ndf, blocks=blocks, antialiasing=antialiasing, head=head,
        mirrored=mirrored, **settings, **adam)
    file.add(case, "real_A", real_a)
    file.add(case, "real_B", real_b)
    for key, network in networks.items():
        network.double()
        for name, parameter in network.named_parameters():
            spread = 0.1 if name.endswith("bias") else 1.2 / parameter[0].numel() ** 0.5
            with torch.no_grad():
                parameter.copy_(torch.randn(parameter.shape, generator=random) * spread)
            file.add(case, f"parameter.{key}.{name}", parameter)
        for name, buffer in network.named_buffers():
            file.add(case, f"parameter.{key}.{name}", buffer)
    real_a, real_b = real_a.double(), real_b.double()

    def draw():
        return [torch.randperm(h * w, generator=random)[:patches] for _, h, w in shapes]

    optimizers = {key: torch.optim.Adam(network.parameters(), **adam) for key, network in networks.items()}
    trajectory = {}
    for index in range(STEPS):
        places = [draw() for _ in range(2 if settings["identity"] else 1)]
        for domain, drawn in zip("AB", places):
            for layer, ids in enumerate(drawn):
                file.add(case, f"patches.{index}.{domain}.{layer}", ids)
        if index == 0:
            features = g.features(real_a, layers)
            for layer, (feature, vector) in enumerate(zip(features, networks["F"](features, places[0]))):
                file.add(case, f"feature.{layer}", feature)
                file.add(case, f"vector.{layer}", vector)
        losses, found = train(
            list(networks.values()), optimizers, real_a, real_b, settings, mirrored[index], places)
        for name, value in losses.items():
            assert value.item() > 0.01, f"{case}: loss {name} is too near 0 to show a fault"
            trajectory.setdefault(name, []).append(value.detach())
        if index == 0:
            for name, tensor in found.items():
                file.add(case, name, tensor)
            for key, network in networks.items():
                for name, parameter in network.named_parameters():
                    file.add(case, f"gradient.{key}.{name}", parameter.grad)
    for key, network in networks.items():
        for name, parameter in network.named_parameters():
            file.add(case, f"after.{key}.{name}", parameter)
    for name, values in trajectory.items():
        file.add(case, f"trajectory.{name}", torch.stack(values))


def make() -> File:
    file = File()
    step(
        file, "cut", batch=2, channels=3, ngf=2, ndf=2, blocks=5, antialiasing=True, layers=(0, 4, 8, 12, 16),
        mirrored=(False, False, False), identity=True, lambda_NCE=1.0)
    step(
        file, "fastcut", batch=1, channels=1, ngf=2, ndf=2, blocks=5, antialiasing=False, layers=(0, 4, 7, 10, 14),
        mirrored=(True, False, True), identity=False, lambda_NCE=10.0)
    return file
