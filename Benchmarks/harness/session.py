"""What one call of the benchmark was asked for and what it has found so far."""

import os
import shutil
import sys
import time
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path

from harness.contestants import Trial
from harness.figures import Spread
from harness.goals import GOALS, Verdict

PYTHON = sys.executable


def missing_compiler() -> str | None:
    """Why torch.compile cannot run; nothing where it can. It starts g++, or what CXX names."""
    return None if shutil.which(os.environ.get("CXX", "g++")) else "no C++ compiler"


@dataclass
class Session:
    options: Namespace
    scratch: Path  # a temporary folder
    start: float = field(default_factory=time.monotonic)
    results: dict[str, object] = field(default_factory=dict)  # by part
    verdicts: list[tuple[str, Verdict]] = field(default_factory=list)
    step_trials: dict[tuple[str, str], dict[str, Trial]] = field(default_factory=dict)  # by size and precision

    @property
    def compiles(self) -> bool:
        return self.options.compile and missing_compiler() is None

    @property
    def compile_note(self) -> str:
        if not self.options.compile:
            return "torch.compile not run: switched off"
        reason = missing_compiler()
        return f"torch.compile not run: {reason}" if reason else ""

    def say(self, text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - self.start), 60)
        print(f"[{minutes:2}:{seconds:02}] {text}", file=sys.stderr, flush=True)

    def judge(self, goal: str, place: str, value: float) -> list[str]:
        """Two cells: the goal with its minimum, and what became of it."""
        verdict = GOALS[goal].verdict(value)
        self.verdicts.append((f"{goal}, {place}: {value:.4g}, wanted {GOALS[goal]}", verdict))
        return [str(GOALS[goal]), verdict.value]

    def ours(self, *arguments: object) -> list[str]:
        return [str(self.options.worker), *map(str, arguments)]

    def peer(self, module: str, *arguments: object) -> list[str]:
        return [PYTHON, "-m", f"peers.{module}", *map(str, arguments)]

    def network(self, size: str, precision: str) -> list[str]:
        """The options that both sides understand; a size is pixels/filters/blocks/batch."""
        names = ("--pixels", "--filters", "--blocks", "--batch")
        pairs = [text for pair in zip(names, size.split("/"), strict=True) for text in pair]
        return [*pairs, "--precision", precision, "--threads", str(self.options.threads)]


def spread_cell(spread: Spread, digits: int = 2) -> str:
    return f"{spread.median:.{digits}f} ({spread.low:.{digits}f} to {spread.high:.{digits}f})"


def not_run_note(trials: dict[str, Trial]) -> list[str]:
    return [f"{name} not run: {trial.not_run}" for name, trial in trials.items() if trial.not_run]
