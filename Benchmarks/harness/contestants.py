"""Worker processes that take turns: one computes while all others wait for their line of input."""

import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.figures import Spread, pair_ratios

BENCHMARKS = Path(__file__).resolve().parent.parent
WARM_UPS = 2
NEAR = 1.5  # candidates that take up to so many times as long as the best may yet turn out to be it
PLAY_OFFS = 5  # rounds in turns between those
LONG = 2.0  # seconds from which on a candidate is tried less often


class Failure(Exception):
    """A worker that ended instead of answering; says why."""


class Contestant:
    """A worker; `run` gives its answer: seconds, values, resident_bytes, peak_bytes."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            command, cwd=BENCHMARKS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
            bufsize=1)
        try:
            self.greeting = self._answer()
        except BaseException:
            self.close()
            raise

    def run(self) -> dict:
        try:
            self.process.stdin.write("run\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its last words follow
        return self._answer()

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        code = self.process.wait()
        self.errors.seek(0)
        words = [line.strip() for line in self.errors if line.strip()]
        raise Failure(f"{words[-1] if words else 'no message'} (exit code {code})")

    def __enter__(self) -> "Contestant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


@dataclass
class Trial:
    """How a candidate did before the pairs: its best of a few, or why it did not run."""

    seconds: float | None = None
    peak_bytes: int | None = None
    values: list[float] | None = None
    not_run: str | None = None

    @property
    def record(self) -> dict:
        return {key: value for key, value in asdict(self).items() if value is not None and key != "values"}


def attempt(contestant: Contestant, to_beat: float = float("inf")) -> Trial:
    """One that is twice as slow as another after its warm-up is not tried further."""
    for _ in range(WARM_UPS):
        answer = contestant.run()
    rounds = 3 if answer["seconds"] < LONG else 1
    answers = [contestant.run() for _ in range(rounds)] if answer["seconds"] < 2 * to_beat else [answer]
    return Trial(min(a["seconds"] for a in answers), answers[-1]["peak_bytes"], answers[-1]["values"])


def select(candidates: dict[str, list[str]], say=lambda text: None) -> tuple[Contestant, dict[str, Trial]]:
    """The candidate that is fastest after its warm-up, still running; the others have ended.

    One after another says little where the machine is now fast, now slow: all that come near the best then take turns.
    """
    trials: dict[str, Trial] = {}
    running: dict[str, Contestant] = {}

    def leave(names: list[str]) -> None:
        for name in names:
            running.pop(name).close()

    try:
        for name, command in candidates.items():
            say(name)
            try:
                running[name] = Contestant(name, command)
                trials[name] = attempt(running[name], min((trials[other].seconds for other in running if other != name),
                                                          default=float("inf")))
            except Failure as failure:
                trials[name] = Trial(not_run=str(failure))
                leave([name] if name in running else [])
            best = min((trials[other].seconds for other in running), default=0)
            leave([other for other in running if trials[other].seconds > NEAR * best])
        if len(running) > 1:
            say(" and ".join(running) + " in turns")
            for _ in range(PLAY_OFFS):
                for name, contestant in running.items():
                    trials[name].seconds = min(trials[name].seconds, contestant.run()["seconds"])
        if not running:
            raise Failure("; ".join(f"{name}: {trial.not_run}" for name, trial in trials.items()))
        fastest = min(running, key=lambda name: trials[name].seconds)
        leave([name for name in running if name != fastest])
        return running[fastest], trials
    except BaseException:
        leave(list(running))
        raise


@dataclass
class Duel:
    """Pairs of measurements, taken in turns after a warm-up."""

    peer: str
    patina: str
    peer_seconds: list[float]
    patina_seconds: list[float]
    peer_peak_bytes: int
    patina_peak_bytes: int
    peer_values: list[float]
    patina_values: list[float]

    @property
    def ratios(self) -> list[float]:
        return pair_ratios(self.peer_seconds, self.patina_seconds)

    @property
    def record(self) -> dict:
        fields = {key: value for key, value in asdict(self).items() if not key.endswith("values")}
        return fields | {"ratios": self.ratios, "ratio": asdict(Spread.of(self.ratios))}


def duel(peer: Contestant, ours: Contestant, pairs: int) -> Duel:
    for _ in range(WARM_UPS):
        for contestant in (peer, ours):
            contestant.run()
    answers = [(peer.run(), ours.run()) for _ in range(pairs)]
    theirs, own = zip(*answers)
    return Duel(
        peer.name, ours.name, [a["seconds"] for a in theirs], [a["seconds"] for a in own], theirs[-1]["peak_bytes"],
        own[-1]["peak_bytes"], theirs[-1]["values"], own[-1]["values"])
