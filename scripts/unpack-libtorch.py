"""Unpack the parts of the torch wheel (and of its CUDA libraries) that a C++ program links, in the wheel's own layout.

The libraries find each other by relative paths, so the layout is kept. Licences come along.
Usage: unpack-libtorch.py DESTINATION WHEEL...
"""

import re
import sys
import zipfile

KEEP = re.compile(
    r"torch/include/"
    r"|torch/lib/lib(torch_cpu|c10|torch_global_deps|gomp(-[^/]*)?)\.so[^/]*$"
    r"|nvidia/[^/]+/lib/lib(cudart|cupti)\.so[^/]*$"
    r"|[^/]+\.dist-info/(?i:.*(licen[cs]e|notice|copying|metadata)[^/]*$)"
)


def main(destination: str, wheels: list[str]) -> None:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if KEEP.match(name):
                    archive.extract(name, destination)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
