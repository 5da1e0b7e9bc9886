"""Do MLflow and TensorBoard find in an exported study what Patina's own files say?

    check.py STUDY MLRUNS LOGS

Reads the file store MLRUNS with MLflow's client and the event files in LOGS with TensorBoard's multiplexer, and compares the
parameters, losses and figures of every run with the study's cells and results.json, number by number: MLflow must give back the
very same ones, TensorBoard, which keeps 32 bits, the nearest. The first difference is said in one line, and the exit code is 1.

STUDY has one training for each number in results.json: one fraction at most, and one seed where there are several splits.
"""

import ctypes
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

# Before MLflow is imported: version 3 opens file stores only on request, and no check needs to report that it ran.
os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", MLFLOW_DISABLE_TELEMETRY="true")

import mlflow
import tensorboard
from mlflow.exceptions import MlflowException
from tensorboard.backend.event_processing.event_accumulator import SCALARS
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

SCOPES = {"mean": "mean over defects", "any-defect": "any defect"}  # as results.json writes them, and as tags do


class Difference(Exception):
    """Such as "MLflow: real, seed 1: parameters: arm: expected 'real', found 'oracle'"."""


def compare(place: str, expected, found) -> None:
    """Into dictionaries and lists, so that the difference is said where it is."""
    if isinstance(expected, list):
        expected, found = dict(enumerate(expected)), dict(enumerate(found))
    if not isinstance(expected, dict):
        if expected != found:
            raise Difference(f"{place}: expected {expected!r}, found {found!r}")
        return
    for key in found:
        if key not in expected:
            raise Difference(f"{place}: {key} is there, but not in the study")
    for key, value in expected.items():
        if key not in found:
            raise Difference(f"{place}: {key} is missing")
        compare(f"{place}: {key}", value, found[key])


# Each of these gives runs by name: their parameters by key, and their curves by tag, lists of (step, value).


def of_study(study: Path) -> tuple[str, dict]:
    plan, results = (json.loads((study / name).read_text("utf-8")) for name in ("plan.json", "results.json"))
    cells = [json.loads(path.read_text("utf-8")) for path in sorted((study / "cells").glob("*.json"))]
    repeated = "split" if len(results.get("splits", [])) > 1 else "seed"
    figures = defaultdict(dict)
    for arm in results["arms"]:
        for one in arm["figures"]:
            scope = SCOPES.get(one["scope"], one["scope"].removeprefix("class:"))
            for number, value in zip(results[f"{repeated}s"], one["perSeed"], strict=True):
                if value is not None:
                    figures[arm["name"], number][f"test/{one['figure']}/{scope}"] = value
    # Otherwise there would be trainings whose figures nothing is compared with.
    compare("cells and results.json", sorted(figures), sorted((cell["arm"], cell[repeated]) for cell in cells))

    runs = {}
    for cell in cells:
        name = f"{cell['arm']}, seed {cell['seed']}"
        parameters = {key: str(cell[key]) for key in ("arm", "seed", "steps", "threads", "libtorch")}
        parameters |= {"cell": cell["id"], "plan": plan["hash"]}
        if "split" in cell:
            name += f", split {cell['split']}"
            parameters["split"] = str(cell["split"])
        if "fraction" in cell:
            name += f", a fraction of {float(cell['fraction'])}"
            parameters["fraction"] = str(float(cell["fraction"]))
        for count in cell["trainingImages"]:
            parameters[f"training images/{count['origin']}/{count['label']}"] = str(count["count"])
        curves = {tag: [(cell["steps"], value)] for tag, value in figures[cell["arm"], cell[repeated]].items()}
        curves["loss"] = [(point["step"], point["loss"]) for point in cell["loss"]]
        runs[name] = {"status": "FINISHED", "parameters": parameters, "curves": curves}
    return results["name"], runs


def of_mlflow(store: Path, experiment: str, count: int) -> dict:
    client = mlflow.MlflowClient(store.resolve().as_uri())
    experiments = client.search_experiments()
    compare("MLflow: experiments", [experiment], [one.name for one in experiments])
    runs = client.search_runs([experiments[0].experiment_id], max_results=50_000)
    compare("MLflow: number of runs", count, len(runs))

    def curve(run, tag: str) -> list:
        return [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, tag)]

    return {
        run.info.run_name: {
            "status": run.info.status, "parameters": run.data.params,
            "curves": {tag: curve(run, tag) for tag in run.data.metrics}}
        for run in runs}


def of_tensorboard(logs: Path, count: int) -> dict:
    events = EventMultiplexer(size_guidance={SCALARS: 0})  # all points, where by default it draws a sample
    events.AddRunsFromDirectory(str(logs)).Reload()
    compare("TensorBoard: number of runs", count, len(events.Runs()))
    return {
        run: {"curves": {tag: [(point.step, point.value) for point in events.Scalars(run, tag)] for tag in tags[SCALARS]}}
        for run, tags in events.Runs().items()}


def for_tensorboard(runs: dict) -> dict:
    """What of a study there is in event files: curves, in 32 bits, in folders without commas."""

    def shortened(points: list) -> list:
        return [(step, ctypes.c_float(value).value) for step, value in points]

    return {
        name.replace(", ", " "): {"curves": {tag: shortened(points) for tag, points in run["curves"].items()}}
        for name, run in runs.items()}


def main(study: str, store: str, logs: str) -> None:
    name, runs = of_study(Path(study))
    compare("MLflow", runs, of_mlflow(Path(store), name, len(runs)))
    compare("TensorBoard", for_tensorboard(runs), of_tensorboard(Path(logs), len(runs)))
    parameters = sum(len(run["parameters"]) for run in runs.values())
    points = sum(len(points) for run in runs.values() for points in run["curves"].values())
    print(
        f"{name}: MLflow {mlflow.__version__} and TensorBoard {tensorboard.__version__} read {len(runs)} trainings, "
        f"{parameters} parameters and {points} points as they are")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (Difference, MlflowException) as problem:
        sys.exit(f"check-export: {problem}")
