"""Makes defects on magnetic tiles in every way, and compares each with real ones of tiles that nothing has seen.

KID and FID of windows around defects, for each seed; beside them the same of clean windows (what a way that does
nothing would get) and of real defects of the training split (the best that can be had). Where a way says where its
defects are, a segmenter learns from nothing else, and is tested on real tiles. Results stand in OUT/generation.json, .md
and .png after every step; a second call goes on where the first stopped.
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
        self.taught: dict[str, dict[int, dict]] = {}
        self.rows: dict[str, list[Path]] = {}

    def run(self) -> None:
        self.prepare()
        known = of_class(self.windows, self.setting.defect, "train")
        clean = of_class(self.windows, self.setting.clean, "train")
        self.show("real, of tiles that nothing has seen", self.held)
        self.compare(REAL, 0, collect(known, self.out / "real-train"))
        for seed in self.options.seeds:
            self.teach(REAL, seed, self.tiles, self.out)
        self.compare(UNTOUCHED, 0, collect(spread(clean, self.setting.count), self.out / "clean-train"))
        for seed in self.options.seeds:
            for name in self.options.arms or ARMS:
                place = Place(self.tiles, self.windows, self.out / f"seed-{seed}", seed)
                place.folder.mkdir(exist_ok=True)
                made = ARMS[name](self.patina, self.setting, place)
                files = of_class(made.windows, self.setting.defect)
                self.compare(name, seed, collect(files, place.folder / f"{slug(name)}-pictures"))
                if made.tiles:
                    self.teach(name, seed, made.tiles, place.folder)
                if seed == self.options.seeds[0]:
                    self.show(name, files)

    def compare(self, name: str, seed: int, folder: Path) -> None:
        self.results.setdefault(name, {})[seed] = self.likeness(f"{slug(name)}-{seed}", folder)
        self.write()

    def teach(self, name: str, seed: int, made: Path, folder: Path) -> None:
        """A segmenter that has seen these defects alone, on real tiles of the test split."""
        if not self.options.segmenter_steps:
            return
        run = self.patina.train(
            "segmenter", folder / f"{slug(name)}-segmenter-{seed}", "--dataset", made, "--classes", self.setting.defect,
            "--size", self.setting.pixels, "--steps", self.options.segmenter_steps, "--seed", seed)
        self.taught.setdefault(name, {})[seed] = self.patina.measure(
            self.out / f"{slug(name)}-segmenter-{seed}.json", "test", run, "--dataset", self.tiles)
        self.write()

    def show(self, name: str, files: list[Path]) -> None:
        self.rows[name] = spread(files, 10)
        sheet(self.rows, 96, self.out / "generation.png")

    def write(self) -> None:
        record = self.record(results=self.results, segmenters=self.taught)
        write_whole(self.out / "generation.json", json.dumps(record, indent=1) + "\n")
        write_whole(self.out / "generation.md", table(self.results, self.taught))


def table(results: dict[str, dict[int, dict]], taught: dict[str, dict[int, dict]]) -> str:
    """KID × 1000 and Dice with the least and greatest seed, or of a single comparison KID's interval."""
    lines = [
        "| made by | KID × 1000 | FID | precision | recall | Dice of a segmenter | mean Dice over images | seeds |",
        "|---|---|---:|---:|---:|---|---|---:|"]
    for name, seeds in results.items():
        found = list(seeds.values())
        kernels = [one["kid"]["value"] * 1000 for one in found]
        kernel = among(kernels) if len(kernels) > 1 else (
            f"{kernels[0]:.2f} (95 % {found[0]['kid']['low'] * 1000:.2f} to {found[0]['kid']['high'] * 1000:.2f})")
        means = [fmean(one["fid"] for one in found)]
        means += [fmean(one["manifold"][key] for one in found) for key in ("precision", "recall")]
        defects = [one["figures"]["defects"][0] for one in taught.get(name, {}).values()]
        lines.append(
            f"| {name} | {kernel} | {means[0]:.3f} | {means[1]:.2f} | {means[2]:.2f} "
            f"| {among(one['dice'] for one in defects)} | {among(one['mean_dice'] for one in defects)} "
            f"| {len(kernels)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = parser(
        __doc__, "DATA=data OUT=runs/generation scripts/generation-study --seeds 0 1 2", size="64/32/4/1500", count=100)
    options.add_argument(
        "--segmenter-steps", type=int, default=600, help="0 trains no segmenters (default %(default)s)")
    options.add_argument("--arms", nargs="+", choices=list(ARMS), help="default: all")
    Study(options.parse_args()).run()


if __name__ == "__main__":
    main()
