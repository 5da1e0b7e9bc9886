"""What every family of goldens shares: random numbers by case name, and a writer whose bytes never vary."""

import json
import struct
import zlib

import torch


def generator(case: str) -> torch.Generator:
    """Random numbers of one case; adding or removing another case does not change them."""
    return torch.Generator().manual_seed(20260731 + zlib.crc32(case.encode()))


def text(value) -> str:
    """A hyperparameter as it stands in the header: lists with commas, booleans in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return ",".join(text(item) for item in value)
    return str(value)


class File:
    """The tensors and hyperparameters of one safetensors file."""

    def __init__(self):
        self.tensors = {}
        self.hyperparameters = {}

    def add(self, case: str, name: str, tensor: torch.Tensor):
        key = f"{case}.{name}"
        assert key not in self.tensors, f"{key} is there twice"
        tensor = tensor.detach().to(torch.float32).contiguous().clone()
        assert torch.isfinite(tensor).all(), f"{key} is not finite"
        self.tensors[key] = tensor

    def describe(self, case: str, **values):
        for name, value in values.items():
            self.hyperparameters[f"{case}.{name}"] = text(value)

    def encoded(self) -> bytes:
        """The file's bytes. Written by hand: the safetensors package keeps metadata in an unordered map."""
        header = {"__metadata__": dict(sorted(self.hyperparameters.items()))}
        pieces, offset = [], 0
        for key in sorted(self.tensors):
            tensor = self.tensors[key]
            data = tensor.numpy().astype("<f4").tobytes()
            header[key] = {
                "dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
            pieces.append(data)
            offset += len(data)
        head = json.dumps(header, separators=(",", ":")).encode()
        head += b" " * (-len(head) % 8)
        return struct.pack("<Q", len(head)) + head + b"".join(pieces)
