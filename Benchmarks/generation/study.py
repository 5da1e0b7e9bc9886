"""Makes defects on magnetic tiles in every way, and compares each with real ones of tiles that nothing has seen.

KID and FID of windows around defects, for each seed; beside them the same of clean windows (what a way that does
nothing would get) and of real defects of the training split (the best that can be had). Where a way says where its
defects are, a segmenter learns from nothing else, and is tested on real tiles. Results stand in OUT/generation.json, .md
and .png after every step; a second call goes on where the first stopped.
"""

import argparse
import datetime
import json
import os
from pathlib import Path
from statistics import fmean

from generation.arms import ARMS, Place, Setting
from generation.commands import Patina
from generation.pictures import collect, of_class, sheet, spread
from harness.files import check_settings, write_whole
from harness.machine import processor

UNTOUCHED, REAL = "clean windows", "real defects of the training split"
PER_DEFECT = 3  # windows around each real defect


class Study:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.patina = Patina(options.patina, options.threads)
        self.setting = Setting("Free", options.defect, *options.size, options.precision, options.count)
        self.out: Path = options.out
        self.results: dict[str, dict[int, dict]] = {}
        self.taught: dict[str, dict[int, dict]] = {}
        self.rows: dict[str, list[Path]] = {}

    def run(self) -> None:
        check_settings(self.out / "settings.json", vars(self.setting))
        tiles = self.tiles()
        windows = self.patina.make(
            self.out / "windows", "crop", tiles, "--window", self.setting.pixels, "--per-defect", PER_DEFECT, "--seed", 0)
        held = of_class(windows, self.setting.defect, "test")
        self.real = collect(held, self.out / "real-test")
        known = of_class(windows, self.setting.defect, "train")
        clean = of_class(windows, self.setting.clean, "train")
        self.show("real, of tiles that nothing has seen", held)
        self.compare(REAL, 0, collect(known, self.out / "real-train"))
        for seed in self.options.seeds:
            self.teach(REAL, seed, tiles, tiles, self.out)
        self.compare(UNTOUCHED, 0, collect(spread(clean, self.setting.count), self.out / "clean-train"))
        for seed in self.options.seeds:
            for name in self.options.arms or ARMS:
                place = Place(tiles, windows, self.out / f"seed-{seed}", seed)
                place.folder.mkdir(exist_ok=True)
                made = ARMS[name](self.patina, self.setting, place)
                files = of_class(made.windows, self.setting.defect)
                self.compare(name, seed, collect(files, place.folder / f"{slug(name)}-pictures"))
                if made.tiles:
                    self.teach(name, seed, made.tiles, tiles, place.folder)
                if seed == self.options.seeds[0]:
                    self.show(name, files)

    def tiles(self) -> Path:
        """All in their split: 60 % of the tiles to learn from, the others to compare with."""
        folder = self.out / "tiles"
        if not folder.exists():
            staging = self.out / "tiles.part"
            if not staging.exists():
                self.patina.run("import", "mtd", self.options.data, "--to", staging)
            self.patina.run("split", staging, "--train", 0.6, "--validation", 0, "--test", 0.4, "--seed", 1)
            staging.rename(folder)
        return folder

    def compare(self, name: str, seed: int, folder: Path) -> None:
        found = self.patina.measure(
            self.out / f"{slug(name)}-{seed}.json", "evaluate", self.real, folder, "--features", self.options.features)
        self.results.setdefault(name, {})[seed] = found
        self.write()

    def teach(self, name: str, seed: int, made: Path, tiles: Path, folder: Path) -> None:
        """A segmenter that has seen these defects alone, on real tiles of the test split."""
        if not self.options.segmenter_steps:
            return
        run = self.patina.train(
            "segmenter", folder / f"{slug(name)}-segmenter-{seed}", "--dataset", made, "--classes", self.setting.defect,
            "--size", self.setting.pixels, "--steps", self.options.segmenter_steps, "--seed", seed)
        found = self.patina.measure(
            self.out / f"{slug(name)}-segmenter-{seed}.json", "test", run, "--dataset", tiles)
        self.taught.setdefault(name, {})[seed] = found
        self.write()

    def show(self, name: str, files: list[Path]) -> None:
        self.rows[name] = spread(files, 10)
        sheet(self.rows, 96, self.out / "generation.png")

    def write(self) -> None:
        record = {
            "date": datetime.date.today().isoformat(), "cpu": processor(), "setting": vars(self.setting),
            "real": len(list(self.real.iterdir())), "results": self.results, "segmenters": self.taught}
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
            f"| {among([one['dice'] for one in defects])} | {among([one['mean_dice'] for one in defects])} "
            f"| {len(kernels)} |")
    return "\n".join(lines) + "\n"


def among(values: list[float | None]) -> str:
    """The mean, and the least and greatest of several."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    return f"{fmean(known):.2f}" + (f" ({min(known):.2f} to {max(known):.2f})" if len(known) > 1 else "")


def slug(name: str) -> str:
    return "-".join(name.lower().split())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Example: DATA=data OUT=runs/generation scripts/generation-study --seeds 0 1 2")
    parser.add_argument("--patina", type=Path, required=True, help="the program")
    parser.add_argument("--data", type=Path, required=True, help="folder of the magnetic tiles")
    parser.add_argument("--features", type=Path, required=True, help="safetensors of the Inception network")
    parser.add_argument("--out", type=Path, required=True, help="where everything is written")
    parser.add_argument("--defect", default="Crack", help="the class (default %(default)s)")
    parser.add_argument(
        "--size", metavar="pixels/filters/batch/steps", default="64/32/4/1500", help="default %(default)s",
        type=lambda text: [int(part) for part in text.split("/")])
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--count", type=int, default=100, help="images that each way makes (default %(default)s)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="default 0 1 2")
    parser.add_argument(
        "--segmenter-steps", type=int, default=600, help="0 trains no segmenters (default %(default)s)")
    parser.add_argument("--arms", nargs="+", choices=list(ARMS), help="default: all")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    Study(parser.parse_args()).run()


if __name__ == "__main__":
    main()
