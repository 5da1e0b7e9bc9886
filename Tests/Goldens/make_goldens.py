"""Writes the golden files beside this script, or with --check compares them with what PyTorch says now."""

import argparse
import os
import pathlib
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

import cut
import cyclegan
import layers
import losses
import optimizers
import unet

FOLDER = pathlib.Path(__file__).parent
LIMIT = 4_500_000
FILES = {
    "layers": layers.make, "losses": losses.make, "optimizers": optimizers.make, "cyclegan": cyclegan.make,
    "masked": cyclegan.make_masked, "cut": cut.make, "unet": unet.make}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", metavar="file", help=f"some of {', '.join(FILES)} (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file's bytes would change")
    arguments = parser.parse_args()
    check = arguments.check
    if unknown := set(arguments.files) - set(FILES):
        parser.error(f"no file {', '.join(sorted(unknown))}")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    total, changed = 0, []
    for name in arguments.files or FILES:
        path = FOLDER / f"{name}.safetensors"
        file = FILES[name]()
        data = file.encoded()
        total += len(data)
        if check:
            if not path.exists() or path.read_bytes() != data:
                changed.append(path.name)
        else:
            path.write_bytes(data)
        print(f"{path.name}: {len(file.tensors)} tensors, {len(data):,} bytes")
    print(f"{total:,} bytes in all")
    for name, channels, parameters in cyclegan.full_size() + cut.full_size():
        print(f"{name}, {channels} channel(s): {parameters:,} parameters")
    if changed:
        print("differ: " + ", ".join(changed), file=sys.stderr)
    if total > LIMIT:
        print(f"more than {LIMIT:,} bytes", file=sys.stderr)
    return 1 if changed or total > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
