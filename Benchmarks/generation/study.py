"""Makes defects on magnetic tiles in every way, and compares each with real ones of tiles that nothing has seen.

KID and FID of windows around defects, for each seed; beside them the same of clean windows (what a way that does
nothing would get) and of real defects of the training split (the best that can be had). Where a way makes whole tiles,
a segmenter learns from these alone, and a classifier from these and clean tiles; both are tested on real tiles. Results
stand in OUT/generation.json, .md and .png after every step; a second call goes on where the first stopped.
"""

import argparse
import json
from pathlib import Path
from statistics import fmean

from generation.arms import ARMS, Place
from generation.comparison import Comparison, among, parser, slug
from generation.pictures import collect, of_class, sheet, spread
from harness.files import write_whole

UNTOUCHED, REAL = "clean windows", "real defects of the training split"


class Study(Comparison):
    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        self.results: dict[str, dict[int, dict]] = {}
        self.segmenters: dict[str, dict[int, dict]] = {}
        self.classifiers: dict[str, dict[int, dict]] = {}
        self.rows: dict[str, list[Path]] = {}

    def run(self) -> None:
        self.prepare()
        known = of_class(self.windows, self.setting.defect, "train")
        clean = of_class(self.windows, self.setting.clean, "train")
        self.show("real, of tiles that nothing has seen", self.held)
        self.compare(REAL, 0, collect(known, self.out / "real-train"))
        for seed in self.options.seeds:
            self.teach_segmenter(REAL, seed, self.tiles, self.out)
            self.teach_classifier(REAL, seed, [self.tiles], self.out)
        self.compare(UNTOUCHED, 0, collect(spread(clean, self.setting.count), self.out / "clean-train"))
        for seed in self.options.seeds:
            for name in self.options.arms or ARMS:
                place = Place(self.tiles, self.windows, self.out / f"seed-{seed}", seed)
                place.folder.mkdir(exist_ok=True)
                made = ARMS[name](self.patina, self.setting, place)
                files = of_class(made.windows, self.setting.defect)
                self.compare(name, seed, collect(files, place.folder / f"{slug(name)}-pictures"))
                if made.tiles:
                    self.teach_segmenter(name, seed, made.tiles, place.folder)
                    self.teach_classifier(name, seed, [self.clean_tiles(), made.tiles], place.folder)
                if seed == self.options.seeds[0]:
                    self.show(name, files)

    def compare(self, name: str, seed: int, folder: Path) -> None:
        self.results.setdefault(name, {})[seed] = self.likeness(f"{slug(name)}-{seed}", folder)
        self.write()

    def clean_tiles(self) -> Path:
        """The tiles without the training split's defects of the class."""
        return self.patina.make(
            self.out / "clean-tiles", "subset", self.tiles, "--keep", f"{self.setting.defect}=0")

    def teach_classifier(self, name: str, seed: int, sets: list[Path], folder: Path) -> None:
        """A classifier that has seen these defects alone, on real tiles of the test split."""
        key = f"{slug(name)}-classifier-{seed}"
        if not self.options.classifier_steps and not (self.out / f"{key}.json").exists():
            return
        self.classifiers.setdefault(name, {})[seed] = self.classifier(key, folder / key, sets, seed)
        self.write()

    def teach_segmenter(self, name: str, seed: int, made: Path, folder: Path) -> None:
        """A segmenter that has seen these defects alone, on real tiles of the test split."""
        key = f"{slug(name)}-segmenter-{seed}"
        if not self.options.segmenter_steps and not (self.out / f"{key}.json").exists():
            return
        run = self.patina.train(
            "segmenter", folder / key, "--dataset", made, "--classes", self.setting.defect, "--size",
            self.setting.pixels, "--steps", self.options.segmenter_steps, "--seed", seed)
        self.segmenters.setdefault(name, {})[seed] = self.patina.measure(
            self.out / f"{key}.json", "test", run, "--dataset", self.tiles)
        self.write()

    def show(self, name: str, files: list[Path]) -> None:
        self.rows[name] = spread(files, 10)
        sheet(self.rows, 96, self.out / "generation.png")

    def write(self) -> None:
        record = self.record(results=self.results, segmenters=self.segmenters, classifiers=self.classifiers)
        write_whole(self.out / "generation.json", json.dumps(record, indent=1) + "\n")
        write_whole(self.out / "generation.md", table(self.results, self.segmenters, self.classifiers))


Figures = dict[str, dict[int, dict]]  # by name and seed


def table(results: Figures, segmenters: Figures, classifiers: Figures) -> str:
    """Means over seeds with the least and the greatest; of a single comparison KID's interval."""
    lines = [
        "| made by | KID × 1000 | FID | precision | recall | segmenter: Dice | mean Dice over images "
        "| classifier: average precision | seeds |", "|---|---|---:|---:|---:|---|---|---|---:|"]
    for name, seeds in results.items():
        found = list(seeds.values())
        kernels = [one["kid"]["value"] * 1000 for one in found]
        kernel = among(kernels) if len(kernels) > 1 else (
            f"{kernels[0]:.2f} (95 % {found[0]['kid']['low'] * 1000:.2f} to {found[0]['kid']['high'] * 1000:.2f})")
        means = [fmean(one["fid"] for one in found)]
        means += [fmean(one["manifold"][key] for one in found) for key in ("precision", "recall")]
        found = [one["figures"]["defects"][0] for one in segmenters.get(name, {}).values()]
        precisions = [one["figures"]["defects"][0]["average_precision"] for one in classifiers.get(name, {}).values()]
        lines.append(
            f"| {name} | {kernel} | {means[0]:.3f} | {means[1]:.2f} | {means[2]:.2f} "
            f"| {among(one['dice'] for one in found)} | {among(one['mean_dice'] for one in found)} "
            f"| {among(precisions)} | {len(kernels)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = parser(
        __doc__, "DATA=data OUT=runs/generation scripts/generation-study --seeds 0 1 2", size="64/32/4/1500", count=100)
    options.add_argument(
        "--segmenter-steps", type=int, default=600, help="0 trains no more segmenters (default %(default)s)")
    options.add_argument("--arms", nargs="+", choices=list(ARMS), help="default: all")
    Study(options.parse_args()).run()


if __name__ == "__main__":
    main()
