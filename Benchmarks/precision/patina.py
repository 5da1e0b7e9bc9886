"""Patina's command line, and one training run of it."""

import csv
import statistics
import subprocess
from pathlib import Path

from precision.subject import Subject

TAIL = 0.2  # the share of the steps, at the end, over which a loss is averaged


class Patina:
    def __init__(self, program: Path, threads: int) -> None:
        self.program, self.threads = program, threads

    def run(self, *arguments: object) -> None:
        words = [str(argument) for argument in arguments]
        print("$ patina", *words, flush=True)
        subprocess.run([self.program, *words], check=True)

    def train(self, subject: Subject, dataset: Path, precision: str, seed: int, run: Path) -> None:
        """To the end; goes on after the last checkpoint of a run that was killed, and leaves a finished one alone."""
        if (run / "weights.safetensors").exists():
            return
        if (run / "run.json").exists():
            self.run("train", "cyclegan", "--run", run, "--resume")
            return
        self.run(
            "train", "cyclegan", "--dataset", dataset, "--clean", subject.clean, "--defect", subject.defect,
            "--run", run, "--size", subject.pixels, "--filters", subject.filters,
            "--discriminator-filters", subject.filters, "--blocks", subject.blocks, "--batch", subject.batch,
            "--steps", subject.steps, "--seed", seed, "--precision", precision, "--threads", self.threads)

    def translate(self, run: Path, held_out: Path, count: int, to: Path) -> list[Path]:
        """Each held-out clean image once, by its middle."""
        if not to.exists():
            self.run("synthesize", run, held_out, "--to", to, "--count", count, "--labels", "image")
        made = sorted(path for path in (to / "images").rglob("*") if path.is_file())
        if len(made) != count:
            raise ValueError(f"{to}: expected {count} images, found {len(made)}")
        return made


def last_losses(run: Path) -> dict[str, float]:
    """The mean of each loss over the last fifth of the steps."""
    with open(run / "losses.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tail = rows[-max(1, round(TAIL * len(rows))):]
    return {name: statistics.fmean(float(row[name]) for row in tail)
            for name in rows[0] if name not in ("step", "learning_rate")}
