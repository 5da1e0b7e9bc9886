"""Reads float32 tensors of a safetensors file: 8 bytes with the header's length, the header in JSON, the data."""

import json
import struct

import torch


def read(path: str) -> dict[str, torch.Tensor]:
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: expected F32 in {name}, found {entry['dtype']}")
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.float32, offset=begin, count=(end - begin) // 4)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors
