"""One translator for several classes of defects on magnetic tiles, and a sheet of what it makes.

A row of real defects for each class, the clean places where some shall be, and what was made there, best and worst not
chosen. Every made image is compared with its clean one: pixels beyond the mask's soft edge that differ are counted, by
this script itself. Results stand in OUT/classes.json and .png; a second call goes on where the first stopped.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from generation.arms import FEW
from generation.comparison import Comparison, parser, slug
from generation.pictures import labels, sheet_of, spread
from harness.files import write_whole

CLASSES = ["Crack", "Blowhole", "Break", "Fray", "Uneven"]
COLUMNS, SIDE = 10, 96
FEATHER = 3  # pixels, what training takes by default


@dataclass
class Defect:
    image: Path
    category: str
    box: tuple[int, int, int, int]

    def window(self, image: Path) -> Image.Image:
        """The square around the defect, with a quarter of its longer side around it."""
        left, top, width, height = self.box
        with Image.open(image) as picture:
            side = min(int(max(width, height) * 1.5) + 8, *picture.size)
            x = min(max(left + (width - side) // 2, 0), picture.width - side)
            y = min(max(top + (height - side) // 2, 0), picture.height - side)
            return picture.convert("L").crop((x, y, x + side, y + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


class Classes(Comparison):
    def run(self) -> None:
        self.prepare()
        seed = self.options.seeds[0]
        wanted = [word for name in CLASSES for word in ("--defect", name)]
        run = self.patina.train(
            "cyclegan", self.out / "run", "--dataset", self.tiles, "--clean", self.setting.clean, *wanted, "--masks",
            "real", *self.setting.network, "--seed", seed, *FEW, "--discriminator-layers", self.options.discriminator_layers)
        made = self.patina.make(
            self.out / "made", "synthesize", run, self.tiles, "--count", self.setting.count, "--seed", seed, "--gates",
            "none")
        masks = self.out / "masks"
        if not masks.exists():
            self.patina.run("export", "masks", made, masks)
        sources = json.loads((made / "provenance.json").read_text(encoding="utf-8"))["images"]
        clean = {
            path.name: self.tiles / "images" / sources[path.name]["synthetic"]["source"]
            for path in (made / "images").iterdir()}
        outside, inside = {}, {}
        for name, source in sorted(clean.items()):
            changed = pixels(made / "images" / name) != pixels(source)
            mask = pixels(masks / "masks" / name) > 0
            outside[name] = int((changed & ~dilated(mask, FEATHER + 1)).sum())
            inside[name] = float(changed[mask].mean())
        self.write(outside, inside)
        defects = [Defect(path, *found) for path, found in labels(made, None)]
        real = [Defect(path, *found) for path, found in labels(self.tiles, "test")]
        rows: dict[str, list[Image.Image]] = {}
        for category in CLASSES:
            own = spread([one for one in defects if one.category == category], COLUMNS)
            others = spread([one for one in real if one.category == category], COLUMNS)
            rows[f"{category}: real, of tiles that nothing has seen"] = [one.window(one.image) for one in others]
            rows[f"{category}: clean places"] = [one.window(clean[one.image.name]) for one in own]
            rows[f"{category}: made there"] = [one.window(one.image) for one in own]
        sheet_of(rows, SIDE, self.out / "classes.png")

    def write(self, outside: dict[str, int], inside: dict[str, float]) -> None:
        record = self.record(
            images=len(outside), changed_pixels_outside=sum(outside.values()),
            mean_changed_share_inside=float(np.mean(list(inside.values()))))
        write_whole(self.out / "classes.json", json.dumps(record, indent=1) + "\n")
        print(f"{len(outside)} images, {sum(outside.values())} pixels changed outside of the masks")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"))


def dilated(mask: np.ndarray, radius: int) -> np.ndarray:
    """All pixels at most so far from the mask."""
    padded = np.pad(mask, radius)
    result = np.zeros_like(mask)
    height, width = mask.shape
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if x * x + y * y <= radius * radius:
                result |= padded[radius + y:radius + y + height, radius + x:radius + x + width]
    return result


def main() -> None:
    options = parser(
        __doc__, "DATA=data OUT=runs/classes scripts/defect-classes --seeds 0", size="64/32/4/3000", count=100)
    options.add_argument(
        "--discriminator-layers", type=int, default=1,
        help="how often discriminators halve a window: large defects need large patches (default %(default)s)")
    Classes(options.parse_args()).run()


if __name__ == "__main__":
    main()
