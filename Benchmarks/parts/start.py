"""From the command to the end of the first training step: process, libraries, listing, network, first batch, step."""

import json
import subprocess
import time

from harness import pictures
from harness.contestants import BENCHMARKS, Failure
from harness.figures import Spread, pair_ratios
from harness.session import Session, spread_cell
from harness.tables import Table

SIZE = "64/32/6/1"
PICTURES = 50


def first_line(name: str, command: list[str]) -> float:
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=BENCHMARKS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
        process.communicate()
    if process.returncode != 0 or not line:
        raise Failure(f"{name}: {' '.join(command)} ended with exit code {process.returncode}")
    json.loads(line)
    return seconds


def run(session: Session) -> list[Table]:
    session.say("start: making pictures")
    folders = [argument for seed, name in enumerate("ab")
               for argument in (f"--{name}", pictures.folder(session.scratch / f"start-{name}", PICTURES, seed))]
    common = [*session.network(SIZE, "fp32"), *folders]
    sides = (session.peer("first_step", *common), session.ours("train", *common, "--steps", 1))
    pairs = session.options.pairs or 7
    session.say("start: peer and patina in turns")
    rows = [[first_line(name, command) for name, command in zip(("peer", "patina"), sides)] for _ in range(pairs + 1)]
    theirs, own = zip(*rows[1:])  # the first reads files from the disk
    ratio = Spread.of(pair_ratios(theirs, own))
    session.results["start"] = {
        "size": SIZE, "pictures": 2 * PICTURES, "peer_seconds": theirs, "patina_seconds": own,
        "ratios": pair_ratios(theirs, own), "ratio": ratio.__dict__}
    return [Table(
        f"From the command to the first step done ({SIZE}, fp32, {2 * PICTURES} files)",
        [">eager s", ">Patina s", ">ratio (range)", ">pairs"],
        [[f"{Spread.of(theirs).median:.2f}", f"{Spread.of(own).median:.2f}", spread_cell(ratio), str(pairs)]])]
