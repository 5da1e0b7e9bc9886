"""Worker: translates a fixed random batch without gradients. `echo run | python -m peers.generate --pixels 256 …`"""

import argparse

import torch
from torch._inductor import config as compiler

from peers.networks import generator
from peers.settings import Settings
from peers.worker import serve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Settings.add_options(parser)
    settings = Settings.of(parser.parse_args())
    network = settings.placed(generator(settings.filters, settings.blocks)).eval()
    if settings.compiled:
        compiler.freezing = True  # weights become constants, laid out as the kernels want them
        network = torch.compile(network)
    images = settings.noise(1)

    def work() -> list[float]:
        with torch.inference_mode(), settings.autocast():
            return [float(network(images).shape[0])]

    serve(work)


if __name__ == "__main__":
    main()
