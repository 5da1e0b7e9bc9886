"""What is trained on what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """One data set: which way to translate, and how large a run is."""

    name: str
    clean: str
    defect: str
    pixels: int
    filters: int
    blocks: int
    batch: int
    steps: int

    @staticmethod
    def of(name: str, clean: str, defect: str, size: str) -> "Subject":
        """`size` is pixels/filters/blocks/batch/steps."""
        return Subject(name, clean, defect, *(int(part) for part in size.split("/")))
