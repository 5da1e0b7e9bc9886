"""What Patina wants to reach, and what it must."""

import enum
from dataclasses import dataclass


class Verdict(enum.Enum):
    GOAL = "goal met"
    MINIMUM = "minimum met"
    MISSED = "MISSED"


@dataclass(frozen=True)
class Goal:
    goal: float
    minimum: float
    unit: str = "×"
    larger_is_better: bool = True

    def verdict(self, value: float) -> Verdict:
        sign = 1 if self.larger_is_better else -1
        if sign * value >= sign * self.goal:
            return Verdict.GOAL
        return Verdict.MINIMUM if sign * value >= sign * self.minimum else Verdict.MISSED

    def __str__(self) -> str:
        if self.goal == self.minimum:
            return f"≤ {self.goal * 100:g} %"
        return f"{self.goal:g} / {self.minimum:g}{self.unit}"


FLAT = Goal(0.02, 0.02, unit="%", larger_is_better=False)

# The fastest peer's time over Patina's; for memory Patina's over eager PyTorch's.
GOALS = {
    "step fp32": Goal(2.5, 2.0),
    "step bf16": Goal(2.2, 1.7),
    "generation": Goal(2.0, 1.3),
    "loading": Goal(2.0, 1.2),
    "peak memory": Goal(0.7, 1.0, larger_is_better=False),
    "memory over epochs": FLAT,
    "memory by images": FLAT,
}
