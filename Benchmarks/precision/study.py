"""Trains CycleGAN in float32 and bfloat16 with several seeds, and says whether bfloat16 lies within float32's spread.

For each data set and run: the means of the eight losses over the last fifth of the steps, and the kernel Inception
distance of translated test images to real ones. The results stand in OUT/precision.json and OUT/precision.md after
every run; a second call goes on where the first stopped.
"""

import argparse
import dataclasses
import datetime
import json
import os
from pathlib import Path

import numpy as np
import torch

from harness.files import check_settings, write_whole
from harness.machine import processor
from precision import kid, verdict
from precision.data import HeldOut, hold_out, prepare
from precision.inception import Inception
from precision.patina import Patina, last_losses
from precision.pictures import features
from precision.subject import Subject

SOURCES = {"tiles": "mtd", "horses": "horse2zebra-128"}


class Study:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.patina = Patina(options.patina, options.threads)
        self.network = Inception(str(options.weights))
        self.record = {
            "date": datetime.date.today().isoformat(), "cpu": processor(), "threads": options.threads,
            "versions": "unknown", "subjects": []}

    def run(self, subjects: list[Subject]) -> None:
        for subject in subjects:
            self.examine(subject)

    def examine(self, subject: Subject) -> None:
        folder = self.options.out / subject.name
        folder.mkdir(parents=True, exist_ok=True)
        check_settings(folder / "settings.json", dataclasses.asdict(subject) | {"images": self.options.images})
        dataset = prepare(self.patina, subject, self.options.data / SOURCES[subject.name], folder)
        held_out = hold_out(self.patina, subject, dataset, folder, self.options.images)
        real = features(self.network, held_out.real, subject.pixels)
        untranslated = kid.estimate(features(self.network, held_out.clean, subject.pixels), real)
        entry = {
            "name": subject.name, "size": dataclasses.asdict(subject), "translated": len(held_out.clean),
            "real": len(held_out.real), "untranslated": untranslated.value, "method": untranslated.method,
            "runs": [], "comparisons": {}}
        self.record["subjects"].append(entry)
        # Both precisions of a seed, then the next seed: a study that is stopped has pairs.
        for index in range(max(len(self.options.seeds), len(self.options.half_seeds))):
            for precision, seeds in (("fp32", self.options.seeds), ("bf16", self.options.half_seeds)):
                if index < len(seeds):
                    run = folder / f"{precision}-{seeds[index]}"
                    self.patina.train(subject, dataset, precision, seeds[index], run)
                    entry["runs"].append(self.measure(subject, precision, seeds[index], run, held_out, real))
                    entry["comparisons"] = comparisons(entry["runs"])
                    self.write(run)

    def measure(
        self, subject: Subject, precision: str, seed: int, run: Path, held_out: HeldOut, real: np.ndarray
    ) -> dict:
        known = run.with_name(f"{run.name}.json")
        if known.exists():
            return json.loads(known.read_text(encoding="utf-8"))
        made = self.patina.translate(
            run, held_out.dataset, len(held_out.clean), run.with_name(f"{run.name}-translated"))
        distance = kid.estimate(features(self.network, made, subject.pixels), real)
        result = {
            "precision": precision, "seed": seed, "kid": dataclasses.asdict(distance),
            "losses": last_losses(run)}
        write_whole(known, json.dumps(result, indent=1) + "\n")
        return result

    def write(self, run: Path) -> None:
        versions = json.loads((run / "run.json").read_text(encoding="utf-8"))["versions"]
        self.record["versions"] = ", ".join(f"{name} {value}" for name, value in sorted(versions.items()))
        write_whole(self.options.out / "precision.json", json.dumps(self.record, indent=1) + "\n")
        write_whole(self.options.out / "precision.md", verdict.page(self.record))


def comparisons(runs: list[dict]) -> dict[str, dict]:
    """By measure; none before two float32 seeds make a spread and there is a bfloat16 run to compare."""

    def values(precision: str, measure: str) -> dict[int, float]:
        return {run["seed"]: run["kid"]["value"] * 1000 if measure == verdict.KID else run["losses"][measure]
                for run in runs if run["precision"] == precision}

    names = [run["precision"] for run in runs]
    if names.count("fp32") < 2 or "bf16" not in names:
        return {}
    return {measure: verdict.compare(values("fp32", measure), values("bf16", measure))
            for measure in (verdict.KID, *runs[0]["losses"])}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Example: DATA=data OUT=runs/precision scripts/precision-study --tiles 64/32/6/4/600 --only tiles")
    parser.add_argument("--patina", type=Path, required=True, help="the program")
    parser.add_argument("--data", type=Path, required=True, help="folder with mtd and horse2zebra-128")
    parser.add_argument("--out", type=Path, required=True, help="where everything is written")
    parser.add_argument("--weights", type=Path, help="safetensors of the Inception network (default: below --data)")
    size = "pixels/filters/blocks/batch/steps"
    parser.add_argument("--tiles", metavar=size, default="64/32/6/4/600", help="default %(default)s")
    parser.add_argument("--horses", metavar=size, default="128/32/6/1/500", help="default %(default)s")
    parser.add_argument("--only", choices=list(SOURCES), help="one of the data sets")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="of float32 (default 0 1 2)")
    parser.add_argument("--half-seeds", type=int, nargs="+", help="of bfloat16 (default: the same)")
    parser.add_argument("--images", type=int, default=200, help="most test images that are translated (default 200)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.half_seeds = options.half_seeds or options.seeds
    options.weights = options.weights or options.data / "weights" / "inception_v3_2015_768.safetensors"
    torch.set_num_threads(options.threads)
    subjects = [Subject.of("tiles", "Free", "Crack", options.tiles), Subject.of("horses", "A", "B", options.horses)]
    Study(options).run([subject for subject in subjects if options.only in (None, subject.name)])
    print(f"\n{options.out / 'precision.md'}")


if __name__ == "__main__":
    main()
