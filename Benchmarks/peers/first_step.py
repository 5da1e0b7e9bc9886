"""One training step on two folders, once: what starting costs. Prints a line of JSON when the step is done."""

import argparse
import time


def main() -> None:
    start = time.perf_counter()
    from peers import pictures  # imports count too
    from peers.settings import Settings
    from peers.trainer import Trainer
    from peers.worker import memory, say

    parser = argparse.ArgumentParser(description=__doc__)
    Settings.add_options(parser)
    pictures.add_options(parser)
    options = parser.parse_args()
    settings = Settings.of(options)
    trainer = Trainer(settings)
    options.workers = 0  # starting processes for one batch would only cost time
    a, b = next(iter(pictures.batches(options, settings.batch, settings.batch)))
    trainer.train(a, b)
    say({"step": 1, "seconds": time.perf_counter() - start, **memory()})


if __name__ == "__main__":
    main()
