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
    return [items[index * len(items) // count] for index in range(min(count, len(items)))]


def sheet(rows: dict[str, list[Path]], side: int, to: Path) -> None:
    """A row of pictures for each name, its name above."""
    columns = max(len(files) for files in rows.values())
    height = side + CAPTION + MARGIN
    image = Image.new("L", (MARGIN + columns * (side + MARGIN), MARGIN + len(rows) * height), 255)
    draw = ImageDraw.Draw(image)
    for row, (name, files) in enumerate(rows.items()):
        top = MARGIN + row * height
        draw.text((MARGIN, top), name, fill=0)
        for column, file in enumerate(files):
            with Image.open(file) as picture:
                small = picture.convert("L").resize((side, side), Image.Resampling.LANCZOS)
            image.paste(small, (MARGIN + column * (side + MARGIN), top + CAPTION))
    staging = to.with_name(f".{to.name}.{os.getpid()}.part.png")
    image.save(staging, optimize=True)
    staging.replace(to)
