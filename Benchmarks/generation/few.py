"""Learns to make defects from few of them, with each of the helps that there are, and says what each gives.

For every number of real defects a subset of the training split is taken; a translator that is told where learns from it
with each help. KID of what it makes to real defects of tiles that nothing has seen; and the average precision of
classifiers of whole tiles that learn from the same few real defects alone, and with what was made from them. Results
stand in OUT/few.json and .md after every step; a second call goes on where the first stopped.
"""

import argparse
import json
from pathlib import Path
from statistics import fmean

from generation.arms import SCALE, Made, cropped
from generation.comparison import Comparison, among, parser, slug
from generation.pictures import collect, of_class
from harness.files import write_whole

AVERAGE, AUGMENTATION = ["--average", 0.99], ["--diffaugment"]
# What is added to a training from these defects; True where it begins with what another class has taught.
HELPS: dict[str, tuple[list[object], bool]] = {
    "no help": ([], False),
    "DiffAugment": (AUGMENTATION, False),
    "averages": (AVERAGE, False),
    "begun with another class": ([], True),
    "all three": (AUGMENTATION + AVERAGE, True),
}
PASTING, REAL = "Poisson pasting", "nothing (real defects only)"


class Few(Comparison):
    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        self.results: dict[str, dict[str, dict]] = {}

    def run(self) -> None:
        self.prepare()
        for seed in self.options.seeds:
            for count in self.options.defects:
                folder = self.out / f"defects-{count}" / f"seed-{seed}"
                folder.mkdir(parents=True, exist_ok=True)
                some = self.patina.make(
                    folder / "tiles", "subset", self.tiles, "--keep", f"{self.setting.defect}={count}", "--seed", seed)
                self.learn(REAL, count, seed, folder, [some])
                for name in [PASTING, *HELPS]:
                    made = self.paste(some, folder, seed) if name == PASTING else self.make(name, some, folder, seed)
                    files = of_class(made.windows, self.setting.defect)
                    kept = self.kept(count, name, seed)
                    kept["kid"] = self.likeness(
                        f"{slug(name)}-{count}-{seed}", collect(files, folder / f"{slug(name)}-pictures"))["kid"]
                    self.learn(name, count, seed, folder, [some, made.tiles or made.windows])

    def paste(self, some: Path, folder: Path, seed: int) -> Made:
        made = self.patina.make(
            folder / "pasted", "paste", some, "--count", self.setting.count, "--class", self.setting.defect, "--scale",
            SCALE, "--seed", seed, "--gates", "none")
        return cropped(self.patina, self.setting, made, seed)

    def make(self, name: str, some: Path, folder: Path, seed: int) -> Made:
        options, begins = HELPS[name]
        run = self.translator(
            folder / slug(name), some, self.setting.defect, seed,
            *options, *(["--from", self.beginning(seed)] if begins else []))
        made = self.patina.make(
            folder / f"{slug(name)}-made", "synthesize", run, some, "--count", self.setting.count, "--scale", SCALE,
            "--seed", seed, "--gates", "none")
        return cropped(self.patina, self.setting, made, seed)

    def beginning(self, seed: int) -> Path:
        """What another class of defects on the same surface has taught."""
        return self.translator(self.out / f"beginning-{seed}", self.tiles, self.options.other, seed)

    def translator(self, run: Path, dataset: Path, defect: str, seed: int, *options: object) -> Path:
        return self.patina.train(
            "cyclegan", run, "--dataset", dataset, "--clean", self.setting.clean, "--defect", defect, "--masks", "real",
            *self.setting.network, "--seed", seed, *options)

    def learn(self, name: str, count: int, seed: int, folder: Path, sets: list[Path]) -> None:
        """Classifiers of whole tiles from these training splits, on the real test split."""
        found = []
        for number in range(self.options.classifiers):
            figures = self.classifier(
                f"{slug(name)}-{count}-{seed}-classifier-{number}", folder / f"{slug(name)}-classifier-{number}", sets,
                10 * seed + number)
            found.append(figures["figures"]["defects"][0]["average_precision"])
        self.kept(count, name, seed)["average_precision"] = found
        self.write()

    def kept(self, count: int, name: str, seed: int) -> dict:
        return self.results.setdefault(f"{count}", {}).setdefault(name, {}).setdefault(f"{seed}", {})

    def write(self) -> None:
        write_whole(self.out / "few.json", json.dumps(self.record(results=self.results), indent=1) + "\n")
        write_whole(self.out / "few.md", table(self.results))


def table(results: dict[str, dict[str, dict]]) -> str:
    """The gain is the mean difference to the classifiers of the same seeds that had nothing but the real defects."""
    lines = [
        "| real defects | made by, or added | KID × 1000 | average precision of classifiers | gain |",
        "|---:|---|---|---|---:|"]
    for count, names in results.items():
        for name, seeds in names.items():
            kernels = [one["kid"]["value"] * 1000 for one in seeds.values() if "kid" in one]
            precisions = [value for one in seeds.values() for value in one.get("average_precision", [])]
            gains = [
                value - alone for seed, one in seeds.items() for value, alone in zip(
                    one.get("average_precision", []), names.get(REAL, {}).get(seed, {}).get("average_precision", []))]
            gain = "–" if name == REAL or not gains else f"{fmean(gains):+.2f}"
            lines.append(f"| {count} | {name} | {among(kernels)} | {among(precisions)} | {gain} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = parser(
        __doc__, "DATA=data OUT=runs/few scripts/few-defects --defects 10 25 --seeds 0 1 2", size="64/16/4/1000",
        count=50)
    options.add_argument(
        "--defects", type=int, nargs="+", default=[10, 25, 35], help="numbers of real ones (default 10 25 35)")
    options.add_argument("--other", default="Blowhole", help="the class to begin with (default %(default)s)")
    options.add_argument("--classifiers", type=int, default=2, help="for each (default %(default)s)")
    Few(options.parse_args()).run()


if __name__ == "__main__":
    main()
