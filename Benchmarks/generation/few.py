"""Learns to make defects from few of them, with each of the helps that there are, and says what each gives.

For every number of real defects a subset of the training split is taken; a translator that is told where learns from it
with each help. KID of what it makes to real defects of tiles that nothing has seen; and the average precision of
classifiers of whole tiles that learn from the same few real defects alone, and with what was made from them. Results
stand in OUT/few.json and .md after every step; a second call goes on where the first stopped.
"""

import argparse
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Place:
    """Some real defects, and where what is made from them stands."""

    seed: int
    count: int
    folder: Path
    some: Path


class Few(Comparison):
    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options)
        self.results: dict[tuple[int, str], dict[str, dict]] = {}  # by number of defects and name, then by seed
        self.lock = threading.Lock()

    def run(self) -> None:
        self.prepare()
        places = [self.place(seed, count) for seed in self.options.seeds for count in self.options.defects]
        with ThreadPoolExecutor(self.options.jobs) as pool:
            list(pool.map(self.beginning, self.options.seeds))
            names = [REAL, PASTING, *HELPS]
            list(pool.map(lambda task: self.row(*task), [(name, place) for place in places for name in names]))

    def place(self, seed: int, count: int) -> Place:
        folder = self.out / f"defects-{count}" / f"seed-{seed}"
        folder.mkdir(parents=True, exist_ok=True)
        some = self.patina.make(
            folder / "tiles", "subset", self.tiles, "--keep", f"{self.setting.defect}={count}", "--seed", seed)
        return Place(seed, count, folder, some)

    def row(self, name: str, place: Place) -> None:
        """What one way makes from some defects, how like real ones that is, and what classifiers learn from both."""
        if name == REAL:
            self.learn(name, place, [place.some])
            return
        made = self.paste(place) if name == PASTING else self.make(name, place)
        files = of_class(made.windows, self.setting.defect)
        kid = self.likeness(
            f"{slug(name)}-{place.count}-{place.seed}", collect(files, place.folder / f"{slug(name)}-pictures"))["kid"]
        self.keep(name, place, kid=kid)
        self.learn(name, place, [place.some, made.tiles or made.windows])

    def paste(self, place: Place) -> Made:
        made = self.patina.make(
            place.folder / "pasted", "paste", place.some, "--count", self.setting.count, "--class", self.setting.defect,
            "--scale", SCALE, "--seed", place.seed, "--gates", "none")
        return cropped(self.patina, self.setting, made, place.seed)

    def make(self, name: str, place: Place) -> Made:
        options, begins = HELPS[name]
        run = self.translator(
            place.folder / slug(name), place.some, self.setting.defect, place.seed,
            *options, *(["--from", self.beginning(place.seed)] if begins else []))
        made = self.patina.make(
            place.folder / f"{slug(name)}-made", "synthesize", run, place.some, "--count", self.setting.count, "--scale",
            SCALE, "--seed", place.seed, "--gates", "none")
        return cropped(self.patina, self.setting, made, place.seed)

    def beginning(self, seed: int) -> Path:
        """What another class of defects on the same surface has taught."""
        return self.translator(self.out / f"beginning-{seed}", self.tiles, self.options.other, seed)

    def translator(self, run: Path, dataset: Path, defect: str, seed: int, *options: object) -> Path:
        return self.patina.train(
            "cyclegan", run, "--dataset", dataset, "--clean", self.setting.clean, "--defect", defect, "--masks", "real",
            *self.setting.network, "--seed", seed, *options)

    def learn(self, name: str, place: Place, sets: list[Path]) -> None:
        """Classifiers of whole tiles from these training splits, on the real test split."""
        found: list[float] = []
        for number in range(self.options.classifiers):
            figures = self.classifier(
                f"{slug(name)}-{place.count}-{place.seed}-classifier-{number}",
                place.folder / f"{slug(name)}-classifier-{number}", sets, 10 * place.seed + number)
            found.append(figures["figures"]["defects"][0]["average_precision"])
        self.keep(name, place, average_precision=found)

    def keep(self, name: str, place: Place, **figures: object) -> None:
        """Writes down all that is known so far."""
        with self.lock:
            self.results.setdefault((place.count, name), {}).setdefault(f"{place.seed}", {}).update(figures)
            results: dict[str, dict[str, dict]] = {}
            for count in self.options.defects:
                for way in [REAL, PASTING, *HELPS]:
                    if (count, way) in self.results:
                        results.setdefault(f"{count}", {})[way] = dict(sorted(self.results[count, way].items()))
            write_whole(self.out / "few.json", json.dumps(self.record(results=results), indent=1) + "\n")
            write_whole(self.out / "few.md", table(results))


def table(results: dict[str, dict[str, dict]]) -> str:
    """Gains are differences to the mean of the classifiers of the same seed that had nothing but the real defects."""
    lines = [
        "| real defects | made by, or added | KID × 1000 | average precision of classifiers | gain |",
        "|---:|---|---|---|---|"]
    for count, names in results.items():
        for name, seeds in names.items():
            kernels = [one["kid"]["value"] * 1000 for one in seeds.values() if "kid" in one]
            precisions = [value for one in seeds.values() for value in one.get("average_precision", [])]
            alone = names.get(REAL, {})
            gains = [
                fmean(one["average_precision"]) - fmean(alone[seed]["average_precision"]) for seed, one in seeds.items()
                if "average_precision" in one and "average_precision" in alone.get(seed, {})]
            gain = "–" if name == REAL else among(gains, sign="+")
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
    options.add_argument("--jobs", type=int, default=1, help="trainings side by side (default %(default)s)")
    Few(options.parse_args()).run()


if __name__ == "__main__":
    main()
