"""The PyTorch file of the FID Inception network as the safetensors file that Patina reads.

The one is a state dict by torchvision's names (Conv2d_1a_3x3.conv.weight, …bn.running_mean, Mixed_7c.branch_pool…), the
other has a weight and a bias for each convolution under the names of the TensorFlow graph, batch norm folded in.
"""

import argparse
import json
import os
import struct
import sys

import torch

EPSILON = 1e-3  # batch norm's, in the published graph and in torchvision alike
CLASSES = 1008  # of the published graph; torchvision's own weights, which are others, have 1000
CHANNELS = (768, 2048)


def names(channels: int = 2048) -> dict[str, str]:
    """The convolutions by torchvision's name: their name here."""
    table = {
        "Conv2d_1a_3x3": "conv", "Conv2d_2a_3x3": "conv_1", "Conv2d_2b_3x3": "conv_2", "Conv2d_3b_1x1": "conv_3",
        "Conv2d_4a_3x3": "conv_4"}

    def block(theirs: str, ours: str, **branches: str) -> None:
        for branch, name in branches.items():
            table[f"Mixed_{theirs}.{branch}"] = f"{ours}_{name}"

    for theirs, ours in {"5b": "mixed", "5c": "mixed_1", "5d": "mixed_2"}.items():
        block(
            theirs, ours, branch1x1="conv", branch5x5_1="tower_conv", branch5x5_2="tower_conv_1",
            branch3x3dbl_1="tower_1_conv", branch3x3dbl_2="tower_1_conv_1", branch3x3dbl_3="tower_1_conv_2",
            branch_pool="tower_2_conv")
    block(
        "6a", "mixed_3", branch3x3="conv", branch3x3dbl_1="tower_conv", branch3x3dbl_2="tower_conv_1",
        branch3x3dbl_3="tower_conv_2")
    for theirs, ours in {"6b": "mixed_4", "6c": "mixed_5", "6d": "mixed_6", "6e": "mixed_7"}.items():
        block(
            theirs, ours, branch1x1="conv", branch7x7_1="tower_conv", branch7x7_2="tower_conv_1",
            branch7x7_3="tower_conv_2", branch7x7dbl_1="tower_1_conv", branch7x7dbl_2="tower_1_conv_1",
            branch7x7dbl_3="tower_1_conv_2", branch7x7dbl_4="tower_1_conv_3", branch7x7dbl_5="tower_1_conv_4",
            branch_pool="tower_2_conv")
    if channels == 768:
        return table
    block(
        "7a", "mixed_8", branch3x3_1="tower_conv", branch3x3_2="tower_conv_1", branch7x7x3_1="tower_1_conv",
        branch7x7x3_2="tower_1_conv_1", branch7x7x3_3="tower_1_conv_2", branch7x7x3_4="tower_1_conv_3")
    for theirs, ours in {"7b": "mixed_9", "7c": "mixed_10"}.items():
        block(
            theirs, ours, branch1x1="conv", branch3x3_1="tower_conv", branch3x3_2a="tower_mixed_conv",
            branch3x3_2b="tower_mixed_conv_1", branch3x3dbl_1="tower_1_conv", branch3x3dbl_2="tower_1_conv_1",
            branch3x3dbl_3a="tower_1_mixed_conv", branch3x3dbl_3b="tower_1_mixed_conv_1", branch_pool="tower_2_conv")
    return table


def folded(state: dict[str, torch.Tensor], channels: int = 2048) -> dict[str, torch.Tensor]:
    """Weights and biases by their names here. Raises ValueError for a state dict of another network."""
    parts = ("conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var")
    known = {f"{name}.{part}" for name in names() for part in (*parts, "bn.num_batches_tracked")}
    if other := sorted(set(state) - known - {"fc.weight", "fc.bias"}):
        raise ValueError(f"expected the FID Inception network, found '{other[0]}' in it")
    if "fc.weight" in state and len(state["fc.weight"]) != CLASSES:
        raise ValueError(
            f"expected a network of {CLASSES} classes, found {len(state['fc.weight'])}: those are other weights, "
            "by which no published figure was measured")
    result = {}
    for theirs, ours in names(channels).items():
        for part in parts:
            if f"{theirs}.{part}" not in state:
                raise ValueError(f"expected '{theirs}.{part}', found none")
        weight, scale, shift, mean, variance = (state[f"{theirs}.{part}"].double() for part in parts)
        if weight.dim() != 4 or any(len(part) != len(weight) for part in (scale, shift, mean, variance)):
            raise ValueError(f"expected a batch norm of as many channels as '{theirs}.conv.weight' has")
        factor = scale / torch.sqrt(variance + EPSILON)
        result[f"{ours}.weight"] = (weight * factor[:, None, None, None]).float()
        result[f"{ours}.bias"] = (shift - mean * factor).float()
    return result


def read(path: str) -> dict[str, torch.Tensor]:
    """A state dict. Nothing but tensors is unpickled: such a file could hold any program."""
    with open(path, "rb") as file:
        try:
            state = torch.load(file, map_location="cpu", weights_only=True)
        except Exception as error:  # of many kinds, by what the file is
            raise ValueError("expected a state dict that torch.save wrote, found something else") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ValueError("expected a state dict, found something else")
    return state


def write(tensors: dict[str, torch.Tensor], path: str) -> None:
    """A safetensors file, written beside and renamed."""
    header, pieces, offset = {}, [], 0
    for name in sorted(tensors):
        data = tensors[name].contiguous().numpy().astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [offset, offset + len(data)]}
        pieces.append(data)
        offset += len(data)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as file:
            file.write(struct.pack("<Q", len(head)) + head)
            file.writelines(pieces)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def main() -> int:
    parser = argparse.ArgumentParser(prog="convert-inception", description=__doc__)
    parser.add_argument("state", help="the PyTorch file, such as pt_inception-2015-12-05-6726825d.pth")
    parser.add_argument("output", help="the safetensors file to write")
    parser.add_argument("--channels", type=int, choices=CHANNELS, default=2048, help="how far (default: 2048)")
    arguments = parser.parse_args()
    try:
        tensors = folded(read(arguments.state), arguments.channels)
        write(tensors, arguments.output)
    except (OSError, ValueError) as error:
        print(f"convert-inception: {arguments.state}: {error}", file=sys.stderr)
        return 2
    print(f"{arguments.output}: {len(tensors)} tensors, {arguments.channels} channels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
