"""What is compared: ways to make defects on clean tiles, each ending in windows that show one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generation.commands import Patina


@dataclass(frozen=True)
class Setting:
    """One question: of which class, how large, how long."""

    clean: str
    defect: str
    pixels: int
    filters: int
    batch: int
    steps: int
    precision: str
    count: int  # images that are made

    @property
    def network(self) -> list[object]:
        return [
            "--size", self.pixels, "--filters", self.filters, "--discriminator-filters", self.filters, "--batch",
            self.batch, "--steps", self.steps, "--precision", self.precision]


@dataclass(frozen=True)
class Place:
    """Where a seed's results stand, and what they are made from."""

    tiles: Path  # whole images with masks, split
    windows: Path  # windows of their training split around defects, and clean ones
    folder: Path
    seed: int


@dataclass(frozen=True)
class Made:
    windows: Path  # one for each defect
    tiles: Path | None = None  # whole tiles with masks, where the way says where its defects are


Maker = Callable[[Patina, Setting, Place], Made]


def cropped(patina: Patina, setting: Setting, made: Path, seed: int) -> Made:
    """A window for each defect that was made on a whole tile."""
    windows = patina.make(
        made.with_name(f"{made.name}-windows"), "crop", made, "--window", setting.pixels, "--per-defect", 1, "--seed",
        seed)
    return Made(windows, made)


def masked(*options: object, name: str, kind: str = "cyclegan") -> Maker:
    """A translator that is told where, put back into whole tiles."""

    def make(patina: Patina, setting: Setting, place: Place) -> Made:
        run = patina.train(
            kind, place.folder / name, "--dataset", place.tiles, "--clean", setting.clean, "--defect",
            setting.defect, "--masks", "real", *setting.network, "--seed", place.seed, *options)
        made = patina.make(
            place.folder / f"{name}-made", "synthesize", run, place.tiles, "--count", setting.count, "--scale",
            SCALE, "--seed", place.seed, "--gates", "none")
        return cropped(patina, setting, made, place.seed)

    return make


def windows(kind: str, *options: object, name: str) -> Maker:
    """A translator of whole windows, as published."""

    def make(patina: Patina, setting: Setting, place: Place) -> Made:
        run = patina.train(
            kind, place.folder / name, "--dataset", place.windows, "--clean", setting.clean, "--defect",
            setting.defect, "--native", *setting.network, "--seed", place.seed, *options)
        return Made(patina.make(
            place.folder / f"{name}-made", "synthesize", run, place.windows, "--count", setting.count, "--seed",
            place.seed, "--labels", "image"))

    return make


def pasted(blend: str) -> Maker:
    def make(patina: Patina, setting: Setting, place: Place) -> Made:
        made = patina.make(
            place.folder / f"{blend}-made", "paste", place.tiles, "--count", setting.count, "--class", setting.defect,
            "--blend", blend, "--scale", SCALE, "--seed", place.seed, "--gates", "none")
        return cropped(patina, setting, made, place.seed)

    return make


SCALE = "0.8-1.25"  # of real defects' lengths, where they are put on other tiles
FEW = ["--diffaugment", "--average", 0.99]
PUBLISHED = ["--no-residual", "--discriminator-layers", 3, "--cycle", 10]  # networks and weights, but for the doubling

ARMS: dict[str, Maker] = {
    "CycleGAN told where": masked(*FEW, name="told"),
    "published CycleGAN told where": masked(*FEW, *PUBLISHED, name="masked"),
    "CycleGAN as published": windows("cyclegan", name="cyclegan"),
    "CUT": windows("cut", name="cut"),
    "CUT told where": masked(name="masked-cut", kind="cut"),
    "Poisson pasting": pasted("poisson"),
    "feathered pasting": pasted("feather"),
}
