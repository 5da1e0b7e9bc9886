"""Pictures of a data set by class and split, and a sheet of some of each kind."""

import json
import os
import shutil
from pathlib import Path

from PIL import Image, ImageDraw

MARGIN, CAPTION = 4, 14


def of_class(dataset: Path, name: str, split: str | None = None) -> list[Path]:
    """Files whose annotations are all of one class; without annotations they are of the clean class."""
    table = json.loads((dataset / "annotations.json").read_text(encoding="utf-8"))
    splits = json.loads((dataset / "splits.json").read_text(encoding="utf-8"))["splits"]
    categories = {category["id"]: category["name"] for category in table["categories"]}
    names: dict[int, set[str]] = {image["id"]: set() for image in table["images"]}
    for mark in table["annotations"]:
        names[mark["image_id"]].add(categories[mark["category_id"]])
    wanted = {name} if name in categories.values() else set()
    inside = None if split is None else set(splits[split])
    return sorted(
        dataset / "images" / image["file_name"] for image in table["images"]
        if names[image["id"]] == wanted and (inside is None or image["file_name"] in inside))


def labels(dataset: Path, split: str | None) -> list[tuple[Path, tuple[str, tuple[int, int, int, int]]]]:
    """For each image with defects its file, and the class and box of the largest."""
    table = json.loads((dataset / "annotations.json").read_text(encoding="utf-8"))
    splits = json.loads((dataset / "splits.json").read_text(encoding="utf-8"))["splits"]
    categories = {category["id"]: category["name"] for category in table["categories"]}
    names = {image["id"]: image["file_name"] for image in table["images"]}
    inside = None if split is None else set(splits[split])
    largest: dict[str, dict] = {}
    for mark in table["annotations"]:
        name = names[mark["image_id"]]
        if (inside is None or name in inside) and mark["area"] > largest.get(name, {"area": 0})["area"]:
            largest[name] = mark
    return [
        (dataset / "images" / name, (categories[mark["category_id"]], tuple(map(int, mark["bbox"]))))
        for name, mark in sorted(largest.items())]


def collect(files: list[Path], folder: Path) -> Path:
    """A plain folder of them."""
    if not folder.exists():
        staging = folder.with_name(f".{folder.name}.part")
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        for index, file in enumerate(files):
            shutil.copyfile(file, staging / f"{index:05}{file.suffix}")
        staging.rename(folder)
    return folder


def spread(items: list, count: int) -> list:
    """So many, evenly over the whole list."""
    count = min(count, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def sheet(rows: dict[str, list[Path]], side: int, to: Path) -> None:
    """A row of pictures for each name, its name above."""
    sheet_of({name: [small(file, side) for file in files] for name, files in rows.items()}, side, to)


def small(file: Path, side: int) -> Image.Image:
    with Image.open(file) as picture:
        return picture.convert("L").resize((side, side), Image.Resampling.LANCZOS)


def sheet_of(rows: dict[str, list[Image.Image]], side: int, to: Path) -> None:
    """The same, of pictures of that side."""
    columns = max(len(pictures) for pictures in rows.values())
    height = side + CAPTION + MARGIN
    image = Image.new("L", (MARGIN + columns * (side + MARGIN), MARGIN + len(rows) * height), 255)
    draw = ImageDraw.Draw(image)
    for row, (name, pictures) in enumerate(rows.items()):
        top = MARGIN + row * height
        draw.text((MARGIN, top), name, fill=0)
        for column, picture in enumerate(pictures):
            image.paste(picture, (MARGIN + column * (side + MARGIN), top + CAPTION))
    staging = to.with_name(f".{to.name}.{os.getpid()}.part.png")
    image.save(staging, optimize=True)
    staging.replace(to)
