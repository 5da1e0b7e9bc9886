"""Worker: one whole training step on a fixed random batch. `echo run | python -m peers.step --pixels 64 …`"""

import argparse

from peers.safetensors import read
from peers.settings import Settings
from peers.trainer import Trainer
from peers.worker import serve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    Settings.add_options(parser)
    parser.add_argument("--start", help="safetensors with weights and a batch to start from")
    options = parser.parse_args()
    settings = Settings.of(options)
    trainer = Trainer(settings)
    a, b = settings.noise(1), settings.noise(2)
    if options.start:
        start = read(options.start)
        trainer.load(start)
        a, b = (start[name].to(memory_format=settings.format) for name in ("real_A", "real_B"))
    serve(lambda: trainer.train(a, b))


if __name__ == "__main__":
    main()
