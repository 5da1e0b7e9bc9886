"""Worker: one pass over two folders. `echo run | python -m peers.load --a cleans --b defects --count 100`"""

import argparse
import sys

import torch

from peers import pictures
from peers.worker import serve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    pictures.add_options(parser)
    parser.add_argument("--count", type=int, required=True, help="images of each domain in a pass")
    parser.add_argument("--pixels", type=int, default=256)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.decoder == "torchvision.io" and not hasattr(torch.ops.image, "decode_jpeg"):
        sys.exit("this build of torchvision has no decoders that work beside a CPU build of torch")
    loader = pictures.batches(options, options.count, options.batch)
    serve(lambda: [float(sum(len(a) + len(b) for a, b in loader))])


if __name__ == "__main__":
    main()
