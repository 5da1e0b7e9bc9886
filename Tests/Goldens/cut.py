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
            pixels = features[index].permute(0, 2, 3, 1).flatten(1, 2)[:, places[index]]
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


def train(networks, optimizers, real_a, real_b, settings, mirrored, places, places_b):
    """One step; returns losses by name and what was made on the way. Gradients stay behind in the parameters."""
    g, f, d = networks
    taps = settings["layers"]
    source = torch.cat([real_a, real_b]) if settings["identity"] else real_a
    made = g(source.flip(3) if mirrored else source)
    fake_b, same_b = made[:len(real_a)], made[len(real_a):]
    losses = {}

    # The discriminator first.
    d.requires_grad_(True)
    optimizers["D"].zero_grad()
    losses["D"] = 0.5 * (lsgan(d(real_b), 1) + lsgan(d(fake_b.detach()), 0))
    losses["D"].backward()
    optimizers["D"].step()

    # Then, judged by the new discriminator, the generator and the heads.
    d.requires_grad_(False)

    def nce(real, translated, places):
        queries = g.features(translated, taps)
        if mirrored:
            queries = [query.flip(3) for query in queries]
        keys = f(g.features(real, taps), places)
        layers = [
            patch_nce(query, key, settings["temperature"]) for query, key in zip(f(queries, places), keys)]
        return layers, settings["lambda_NCE"] * sum(layers) / len(layers)

    losses["G_GAN"] = lsgan(d(fake_b), 1)
    layers, losses["NCE"] = nce(real_a, fake_b, places)
    losses["G"] = losses["G_GAN"] + losses["NCE"]
    if settings["identity"]:
        layers_b, losses["NCE_Y"] = nce(real_b, same_b, places_b)
        losses["G"] = losses["G_GAN"] + 0.5 * (losses["NCE"] + losses["NCE_Y"])
    for key in ("G", "F"):
        optimizers[key].zero_grad()
    losses["G"].backward()
    for key in ("G", "F"):
        optimizers[key].step()
    found = {"fake_B": fake_b}
    found["nce"] = torch.stack(layers)
    if settings["identity"]:
        found |= {"idt_B": same_b, "nce_Y": torch.stack(layers_b)}
    return losses, found


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
        places = {"A": draw()} | ({"B": draw()} if settings["identity"] else {})
        for domain, drawn in places.items():
            for layer, ids in enumerate(drawn):
                file.add(case, f"patches.{index}.{domain}.{layer}", ids)
        if index == 0:
            features = g.features(real_a, layers)
            for layer, (feature, vector) in enumerate(zip(features, networks["F"](features, places["A"]))):
                file.add(case, f"feature.{layer}", feature)
                file.add(case, f"vector.{layer}", vector)
        losses, found = train(
            list(networks.values()), optimizers, real_a, real_b, settings, mirrored[index], places["A"],
            places.get("B"))
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
