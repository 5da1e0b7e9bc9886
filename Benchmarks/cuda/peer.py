"""CycleGAN in PyTorch's public interface: what Patina is compared with on a GPU.

The network, the losses and their order are those of Zhu et al. (ICCV 2017): instance norm without weights, biases kept,
least squares, identity loss at half the cycle weight, pools of 50 images. Optimizers are PyTorch's fused Adam.

    peer.py devices                     one JSON line: versions and the name of the GPU
    peer.py parity START … --to FILE    repeats the step in START (made by patina-device-bench parity)
    peer.py compare A B                 one JSON line: how far two such steps lie apart
    peer.py worker …                    answers each line with a number of rounds by the seconds that they took
"""

import argparse
import contextlib
import json
import random
import struct
import sys
import time

import torch
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), nn.ReLU(True),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels))

    def forward(self, x):
        return x + self.conv_block(x)


class Generator(nn.Module):
    def __init__(self, channels, filters, blocks):
        super().__init__()
        f = filters
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels, f, 7), nn.InstanceNorm2d(f), nn.ReLU(True)]
        for c in (f, 2 * f):
            layers += [nn.Conv2d(c, 2 * c, 3, 2, 1), nn.InstanceNorm2d(2 * c), nn.ReLU(True)]
        layers += [ResidualBlock(4 * f) for _ in range(blocks)]
        for c in (4 * f, 2 * f):
            layers += [nn.ConvTranspose2d(c, c // 2, 3, 2, 1, 1), nn.InstanceNorm2d(c // 2), nn.ReLU(True)]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(f, channels, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class Discriminator(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        f = filters
        layers = [nn.Conv2d(channels, f, 4, 2, 1), nn.LeakyReLU(0.2, True)]
        for i, o, stride in ((f, 2 * f, 2), (2 * f, 4 * f, 2), (4 * f, 8 * f, 1)):
            layers += [nn.Conv2d(i, o, 4, stride, 1), nn.InstanceNorm2d(o), nn.LeakyReLU(0.2, True)]
        layers += [nn.Conv2d(8 * f, 1, 4, 1, 1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class CycleGAN(nn.Module):
    """Names are Patina's, so that a state moves between the two unchanged."""

    def __init__(self, channels, filters, blocks):
        super().__init__()
        self.clean_to_defect = Generator(channels, filters, blocks)
        self.defect_to_clean = Generator(channels, filters, blocks)
        self.defect_discriminator = Discriminator(channels, filters)
        self.clean_discriminator = Discriminator(channels, filters)


class ImagePool:
    def __init__(self, capacity=50):
        self.capacity, self.images, self.random = capacity, [], random.Random(0)

    def exchange(self, batch):
        result = []
        for image in batch.detach().split(1):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif self.random.random() < 0.5:
                place = self.random.randrange(self.capacity)
                image, self.images[place] = self.images[place], image.clone()
            result.append(image)
        return torch.cat(result)


class Trainer:
    """One step of training, as published; nothing in it waits for the device."""

    def __init__(self, settings):
        self.device = torch.device(settings.device)
        self.bfloat16 = settings.precision == "bf16"
        self.format = torch.channels_last if settings.layout == "channels-last" else torch.contiguous_format
        if self.device.type == "cuda":
            torch.backends.cudnn.benchmark = settings.timing
            torch.backends.cudnn.deterministic = not settings.timing
            torch.backends.cudnn.allow_tf32 = settings.tf32
            torch.backends.cuda.matmul.allow_tf32 = settings.tf32
        else:
            torch.set_num_threads(settings.threads)
        torch.manual_seed(0)
        self.model = CycleGAN(3, settings.filters, settings.blocks)
        for module in self.model.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.normal_(module.weight, 0, 0.02)
                nn.init.zeros_(module.bias)
        self.model.to(self.device, memory_format=self.format)
        m = self.model

        def wrap(module):
            return torch.compile(module, mode=settings.compile) if settings.compile else module

        self.g, self.f = wrap(m.clean_to_defect), wrap(m.defect_to_clean)
        self.d_defect, self.d_clean = wrap(m.defect_discriminator), wrap(m.clean_discriminator)
        self.discriminators = [*m.defect_discriminator.parameters(), *m.clean_discriminator.parameters()]

        def adam(parameters):
            return torch.optim.Adam(parameters, lr=2e-4, betas=(0.5, 0.999), fused=True)

        self.generator_optimizer = adam([*m.clean_to_defect.parameters(), *m.defect_to_clean.parameters()])
        self.discriminator_optimizer = adam(self.discriminators)
        self.defect_pool, self.clean_pool = ImagePool(), ImagePool()

    def precision(self):
        if not self.bfloat16:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def upload(self, host):
        return host.to(self.device, non_blocking=True, memory_format=self.format)

    def step(self, clean, defect):
        l1 = nn.functional.l1_loss

        def target(score, value):
            return ((score - value) ** 2).mean()

        for parameter in self.discriminators:
            parameter.requires_grad_(False)
        with self.precision():
            fake_defect, fake_clean = self.g(clean), self.f(defect)
            recovered_clean, recovered_defect = self.f(fake_defect), self.g(fake_clean)
            losses = [
                target(self.d_defect(fake_defect), 1), target(self.d_clean(fake_clean), 1),
                l1(recovered_clean, clean) * 10, l1(recovered_defect, defect) * 10,
                l1(self.g(defect), defect) * 5, l1(self.f(clean), clean) * 5,
            ]
        self.generator_optimizer.zero_grad(set_to_none=True)
        sum(losses).backward()
        self.generator_optimizer.step()
        for parameter in self.discriminators:
            parameter.requires_grad_(True)
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        with self.precision():
            for judge, real, fake in (
                (self.d_defect, defect, self.defect_pool.exchange(fake_defect)),
                (self.d_clean, clean, self.clean_pool.exchange(fake_clean)),
            ):
                losses.append((target(judge(real), 1) + target(judge(fake), 0)) * 0.5)
        losses[6].backward()
        losses[7].backward()
        self.discriminator_optimizer.step()
        return torch.stack([loss.detach().float() for loss in losses])


TYPES = {"F32": torch.float32, "F64": torch.float64, "BF16": torch.bfloat16, "I64": torch.int64}


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    result = {}
    for name, entry in header.items():
        kind, (start, end) = TYPES[entry["dtype"]], entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=kind, offset=start, count=(end - start) // kind.itemsize)
        result[name] = flat.reshape(entry["shape"])
    return result


def under(prefix, tensors):
    return {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def unused_biases(model):
    """Biases in front of an instance norm, which takes every constant away: their gradient is rounding alone."""
    pairs = [(f"{name}.{index}.bias", layers[index + 1]) for name, layers in model.named_modules()
             if isinstance(layers, nn.Sequential) for index in range(len(layers) - 1)]
    known = {name for name, _ in model.named_parameters()}
    return [bias for bias, after in pairs if isinstance(after, nn.InstanceNorm2d) and bias in known]


def parity(settings):
    start = read_safetensors(settings.start)
    trainer = Trainer(settings)
    trainer.model.load_state_dict(under("before.", start))
    losses = trainer.step(trainer.upload(start["clean"]), trainer.upload(start["defect"]))
    result = {"losses": losses.double().cpu(), "unused": unused_biases(trainer.model)}
    for name, parameter in trainer.model.named_parameters():
        result["after." + name] = parameter.detach().cpu().contiguous()
        result["gradient." + name] = parameter.grad.cpu().contiguous()
    torch.save(result, settings.to)
    print(json.dumps({"parameters": len(under("after.", result))}), flush=True)


def load(path):
    return torch.load(path, weights_only=True) if path.endswith(".pt") else read_safetensors(path)


def compare(first, second):
    """Relative difference of the losses; of each gradient in root mean squares; of the weights where Adam's first step,
    rate times the sign of the gradient, is not decided by rounding."""
    a, b = load(first), load(second)
    result = {
        "losses": [a["losses"].tolist(), b["losses"].tolist()],
        "losses_relative": ((a["losses"] - b["losses"]).abs() / b["losses"].abs()).max().item(),
        "generator_gradients_relative_rms": 0.0, "discriminator_gradients_relative_rms": 0.0,
        "weights_absolute": 0.0, "weights_compared": 0,
        "unused_biases": len(b["unused"]), "unused_biases_gradient": 0.0,
    }
    for name, expected in under("gradient.", b).items():
        gradient, expected = a["gradient." + name].double(), expected.double()
        if name in b["unused"]:
            result["unused_biases_gradient"] = max(result["unused_biases_gradient"], gradient.abs().max().item())
            continue
        key = "discriminator" if "discriminator" in name else "generator"
        error = ((gradient - expected).norm() / expected.norm()).item()
        key += "_gradients_relative_rms"
        result[key] = max(result[key], error)
        clear = expected.abs() > 1e-4
        moved = (a["after." + name] - b["after." + name]).abs()[clear]
        result["weights_compared"] += moved.numel()
        if moved.numel():
            result["weights_absolute"] = max(result["weights_absolute"], moved.max().item())
    print(json.dumps(result), flush=True)


def worker(settings):
    trainer = Trainer(settings)
    host = torch.Generator().manual_seed(1)
    shape = (settings.batch, 3, settings.size, settings.size)
    batches = [torch.rand(shape, generator=host) * 2 - 1 for _ in range(2)]
    if trainer.device.type == "cuda":
        batches = [batch.pin_memory() for batch in batches]

    def steps(count):
        unread = []
        for step in range(count):
            unread.append(trainer.step(*map(trainer.upload, batches)))
            issued = time.perf_counter()
            if len(unread) == 20 or step == count - 1:
                for losses in unread:
                    losses.tolist()
                unread = []
        return issued

    def generations(count):
        with torch.no_grad(), trainer.precision():
            for _ in range(count):
                image = trainer.g(trainer.upload(batches[0]))
        issued = time.perf_counter()
        image.sum().item()
        return issued

    rounds = steps if settings.task == "step" else generations
    for _ in range(2):  # compiles, times algorithms
        rounds(1)
    if trainer.device.type == "cuda":
        torch.cuda.empty_cache()  # peers that wait leave the memory to those that are timed
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        issued = rounds(int(line))
        answer = {"seconds": time.perf_counter() - start, "issued": issued - start}
        print(json.dumps(answer), flush=True)


def devices():
    result = {"torch": torch.__version__, "cuda": torch.version.cuda, "devices": 0}
    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        result.update(
            devices=torch.cuda.device_count(), name=properties.name, memory_bytes=properties.total_memory,
            capability=[properties.major, properties.minor], cudnn=torch.backends.cudnn.version())
    print(json.dumps(result), flush=True)


def main():
    commands = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = commands.add_subparsers(dest="command", required=True)
    names.add_parser("devices")
    comparison = names.add_parser("compare")
    comparison.add_argument("first")
    comparison.add_argument("second")
    for name in ("parity", "worker"):
        command = names.add_parser(name)
        command.add_argument("--device", default="cpu")
        command.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
        command.add_argument("--layout", choices=["row-major", "channels-last"], default="row-major")
        command.add_argument("--tf32", action=argparse.BooleanOptionalAction, default=True)
        command.add_argument("--timing", action=argparse.BooleanOptionalAction, default=True)
        command.add_argument("--compile", choices=["default", "reduce-overhead"], help="by torch.compile, in that mode")
        for number, default in (("size", 64), ("filters", 32), ("blocks", 6), ("batch", 1), ("threads", 1)):
            command.add_argument("--" + number, type=int, default=default)
        if name == "parity":
            command.add_argument("start")
            command.add_argument("--to", required=True)
        else:
            command.add_argument("--task", choices=["step", "generation"], default="step")
    settings = commands.parse_args()
    if settings.command == "devices":
        devices()
    elif settings.command == "compare":
        compare(settings.first, settings.second)
    else:
        {"parity": parity, "worker": worker}[settings.command](settings)


if __name__ == "__main__":
    main()
