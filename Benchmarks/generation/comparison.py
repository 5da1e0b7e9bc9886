"""What comparisons on magnetic tiles share: the tiles and their split, real defects that nothing has seen, figures."""

import argparse
import datetime
import os
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

from generation.arms import Setting
from generation.commands import Patina
from generation.pictures import collect, of_class
from harness.files import check_settings
from harness.machine import processor

PER_DEFECT = 3  # windows around each real defect


class Comparison:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.patina = Patina(options.patina, options.threads, options.device)
        self.setting = Setting("Free", options.defect, *options.size, options.precision, options.count)
        self.out: Path = options.out

    def prepare(self) -> None:
        check_settings(self.out / "settings.json", vars(self.setting))
        self.tiles = self.split_tiles()
        self.windows = self.patina.make(
            self.out / "windows", "crop", self.tiles, "--window", self.setting.pixels, "--per-defect", PER_DEFECT,
            "--seed", 0)
        self.held = of_class(self.windows, self.setting.defect, "test")
        self.real = collect(self.held, self.out / "real-test")

    def split_tiles(self) -> Path:
        """All in their split: 60 % of the tiles to learn from, the others to compare with."""
        folder = self.out / "tiles"
        if not folder.exists():
            staging = self.out / "tiles.part"
            if not staging.exists():
                self.patina.run("import", "mtd", self.options.data, "--to", staging)
            self.patina.run("split", staging, "--train", 0.6, "--validation", 0, "--test", 0.4, "--seed", 1)
            staging.rename(folder)
        return folder

    def likeness(self, name: str, folder: Path) -> dict:
        """KID, FID and the others of a folder of windows to the real ones that nothing has seen."""
        return self.patina.measure(
            self.out / f"{name}.json", "evaluate", self.real, folder, "--features", self.options.features)

    def classifier(self, name: str, run: Path, sets: list[Path], seed: int) -> dict:
        """Figures on the real test split of a classifier of whole tiles that learned from these training splits."""
        given = [word for dataset in sets for word in ("--dataset", dataset)]
        self.patina.train(
            "classifier", run, *given, "--classes", self.setting.defect, "--size", self.setting.pixels, "--steps",
            self.options.classifier_steps, "--oversample", "--seed", seed)
        return self.patina.measure(self.out / f"{name}.json", "test", run, "--dataset", self.tiles)

    def record(self, **parts: object) -> dict:
        return {
            "date": datetime.date.today().isoformat(), "cpu": processor(), "device": self.options.device, "setting": vars(self.setting),
            "real": len(list(self.real.iterdir())), **parts}


def among(values: Iterable[float | None], digits: int = 2, sign: str = "") -> str:
    """The mean, and the least and greatest of several; with the sign "+" before positive ones."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"

    def text(value: float) -> str:
        return f"{value:{sign}.{digits}f}"

    return text(fmean(known)) + (f" ({text(min(known))} to {text(max(known))})" if len(known) > 1 else "")


def slug(name: str) -> str:
    return "-".join(name.lower().split())


def parser(description: str | None, example: str, size: str, count: int) -> argparse.ArgumentParser:
    """With the options that all comparisons have."""
    result = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=f"Example: {example}")
    result.add_argument("--patina", type=Path, required=True, help="the program")
    result.add_argument("--data", type=Path, required=True, help="folder of the magnetic tiles")
    result.add_argument("--features", type=Path, required=True, help="safetensors of the Inception network")
    result.add_argument("--out", type=Path, required=True, help="where everything is written")
    result.add_argument("--defect", default="Crack", help="the class (default %(default)s)")
    result.add_argument(
        "--size", metavar="pixels/filters/batch/steps", default=size, help="default %(default)s",
        type=lambda text: [int(part) for part in text.split("/")])
    result.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    result.add_argument(
        "--count", type=int, default=count, help="images that each way makes (default %(default)s)")
    result.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="default 0 1 2")
    result.add_argument("--classifier-steps", type=int, default=300, help="default %(default)s")
    result.add_argument("--threads", type=int, default=os.cpu_count(), help="of each training (default %(default)s)")
    result.add_argument("--device", default="cpu", help="where everything is trained: cpu, cuda or cuda:N (default cpu)")
    return result
