"""The data sets of the study, made by Patina's own commands, and the images that stay out of training."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from precision.patina import Patina
from precision.subject import Subject


@dataclass(frozen=True)
class HeldOut:
    """Test images that no run has seen: clean ones to translate, and real ones of the other class to compare with."""

    dataset: Path
    clean: list[Path]
    real: list[Path]


def prepare(patina: Patina, subject: Subject, source: Path, folder: Path) -> Path:
    """The data set with its split; a second call only looks."""
    if subject.name == "horses":
        dataset = folder / "images"
        if not dataset.exists():
            patina.run("import", "ab", source, "--to", dataset, "--clean", subject.clean, "--category", subject.defect)
        return dataset
    images, dataset = folder / "images", folder / "windows"
    if not images.exists():
        patina.run("import", "mtd", source, "--to", images)
    if not dataset.exists():
        patina.run("crop", images, "--to", dataset, "--window", 96, "--per-defect", 2)
    # Half for the test: cracks are few. Whole tiles stay on one side.
    patina.run("split", dataset, "--train", 0.5, "--validation", 0, "--test", 0.5)
    return dataset


def hold_out(patina: Patina, subject: Subject, dataset: Path, folder: Path, limit: int) -> HeldOut:
    """A data set whose clean class is test images, every one in its training split.

    For `patina synthesize` translates nothing but training images, and wants to know all that the run has seen: so the
    run's own images come along as another class.
    """
    files = _files(dataset)
    clean = _evenly(files[subject.clean, "test"], limit)
    pictures, made = folder / "held-out-pictures", folder / "held-out"
    if not made.exists():
        shutil.rmtree(pictures, ignore_errors=True)
        seen = files[subject.clean, "train"] + files[subject.defect, "train"]
        for name, paths in ((subject.clean, clean), ("seen", seen)):
            (pictures / name).mkdir(parents=True)
            for path in paths:
                shutil.copyfile(path, pictures / name / str(path.relative_to(dataset)).replace("/", "__"))
        patina.run("import", "folders", pictures, "--to", made, "--clean", subject.clean)
        shutil.rmtree(pictures)
    patina.run("split", made, "--train", 1, "--validation", 0, "--test", 0)
    return HeldOut(made, clean, files[subject.defect, "test"])


def _files(dataset: Path) -> dict[tuple[str, str], list[Path]]:
    """Image files by class and split, in the order of their names; no test image whose copy is trained on."""
    form = json.loads((dataset / "annotations.json").read_text(encoding="utf-8"))
    splits = json.loads((dataset / "splits.json").read_text(encoding="utf-8"))["splits"]
    origins = json.loads((dataset / "provenance.json").read_text(encoding="utf-8"))["images"]
    trained = {origins[file]["group"] for file in splits["train"]}
    names = {category["id"]: category["name"] for category in form["categories"]}
    classes = {mark["image_id"]: names[mark["category_id"]] for mark in form["annotations"]}
    places = {file: split for split, files in splits.items() for file in files
              if split == "train" or origins[file]["group"] not in trained}
    found: dict[tuple[str, str], list[Path]] = {}
    for picture in sorted(form["images"], key=lambda picture: picture["file_name"]):
        if picture["file_name"] not in places:
            continue
        key = classes.get(picture["id"], form["info"]["clean_name"]), places[picture["file_name"]]
        found.setdefault(key, []).append(dataset / "images" / picture["file_name"])
    return found


def _evenly(paths: list[Path], limit: int) -> list[Path]:
    return paths if len(paths) <= limit else [paths[index * len(paths) // limit] for index in range(limit)]
