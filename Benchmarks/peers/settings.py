"""How a peer computes: the options that its commands share."""

import argparse
import contextlib
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class Settings:
    pixels: int = 64
    filters: int = 64
    blocks: int = 9
    batch: int = 1
    precision: str = "fp32"
    layout: str = "nchw"
    compiled: bool = False
    threads: int = 1

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--pixels", type=int, default=64)
        parser.add_argument("--filters", type=int, default=64)
        parser.add_argument("--blocks", type=int, default=9)
        parser.add_argument("--batch", type=int, default=1)
        parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
        parser.add_argument("--layout", choices=["nchw", "nhwc"], default="nchw")
        parser.add_argument("--compiled", action="store_true")
        parser.add_argument("--threads", type=int, default=torch.get_num_threads())

    @staticmethod
    def of(options: argparse.Namespace) -> "Settings":
        """Also sets the number of threads, which compiled code takes over."""
        torch.set_num_threads(options.threads)
        return Settings(**{name: getattr(options, name) for name in Settings.__dataclass_fields__})

    @property
    def format(self) -> torch.memory_format:
        return torch.channels_last if self.layout == "nhwc" else torch.contiguous_format

    def autocast(self) -> contextlib.AbstractContextManager:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bf16")

    def placed(self, network: nn.Module) -> nn.Module:
        return network.to(memory_format=self.format)

    def noise(self, seed: int) -> torch.Tensor:
        """[batch, 3, pixels, pixels], uniform in [-1, 1]."""
        random = torch.Generator().manual_seed(seed)
        images = torch.rand(self.batch, 3, self.pixels, self.pixels, generator=random) * 2 - 1
        return images.to(memory_format=self.format)
