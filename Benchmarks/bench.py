"""Patina against PyTorch and its neighbours, in turns on the same cores.

Every contestant is a process of its own that does one unit of work when asked and waits in between. The peers (eager
and compiled, both layouts; for generation also ONNX Runtime) are tried first; the fastest then takes turns with Patina,
one unit each, so that both see the same machine. The ratio of a pair is the peer's time over Patina's: above 1, Patina
is faster. Tables show the median of the ratios with their range, and the goal with the least that is accepted.

  steps       one CycleGAN training step                           half an hour; --no-compile about 8 minutes
  generation  translated images per second, at 256 pixels          8 minutes; --no-compile about 3
  loading     JPEG files per second into tensors                   about 1 minute
  start       from the command to the first step done              about 1 minute
  memory      peak of training; growth over epochs and by images   about 3 minutes after steps, else 7
  growth      a step's time over pixels, batch and filters         about 2 minutes
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from harness import machine
from harness.contestants import Failure
from harness.goals import Verdict
from harness.session import Session
from parts import generation, growth, loading, memory, start, steps

PARTS = {"steps": steps, "generation": generation, "loading": loading, "start": start, "memory": memory,
         "growth": growth}

EXAMPLES = """Examples:
  make bench
  make bench ONLY='steps memory' SIZES='64/32/6/1 64/32/6/8' PRECISIONS=fp32 COMPILE=0
  make bench ONLY='loading start' JSON=bench.json MARKDOWN=bench.md
  make bench CHECK=1                     exit code 1 when a figure is below what is accepted
  scripts/bench --only generation --generation-batch 1 --pairs 15
"""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EXAMPLES)
    parser.add_argument("--worker", type=Path, required=True, help="the program patina-bench (scripts/bench gives it)")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), metavar="PART",
                        help="parts to measure (default: all)")
    parser.add_argument("--sizes", nargs="+", default=list(steps.SIZES), metavar="SIZE",
                        help=f"pixels/filters/blocks/batch of steps and memory (default: {' '.join(steps.SIZES)})")
    parser.add_argument("--precisions", nargs="+", choices=["fp32", "bf16"], default=["fp32", "bf16"])
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True,
                        help="try torch.compile too, which takes minutes to start")
    parser.add_argument("--pairs", type=int, help="pairs of measurements (default: 5 to 15, by what is measured)")
    parser.add_argument("--generation-batch", type=int, default=4, metavar="N", help="images at once (default: 4)")
    parser.add_argument("--generation-pixels", type=int, default=256, metavar="N", help="(default: 256)")
    parser.add_argument("--pictures", type=int, default=240, metavar="N",
                        help="JPEG files of each domain for loading (default: 240)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of both sides")
    parser.add_argument("--json", type=Path, help="write every measured number here")
    parser.add_argument("--markdown", type=Path, help="write the tables here")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a least accepted figure is missed")
    options = parser.parse_args()
    options.worker = options.worker.resolve()
    if not options.worker.is_file():
        parser.error(f"no program at {options.worker}: swift build -c release --product patina-bench")
    for size in options.sizes:
        if len(size.split("/")) != 4 or not size.replace("/", "").isdigit():
            parser.error(f"a size is pixels/filters/blocks/batch, such as 64/32/6/1, not '{size}'")
    return options


def main() -> int:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="patina-bench-") as scratch:
        session = Session(options, Path(scratch))
        about = machine.describe(session)
        print(machine.heading(about), flush=True)
        tables = []
        for name in PARTS:  # in this order, whatever the order asked for
            if name not in options.only:
                continue
            for table in PARTS[name].run(session):
                tables.append(table)
                print(f"\n{table.text()}", flush=True)
                write(options, about, session, tables)  # each time, so that an end in between loses little
    missed = [text for text, verdict in session.verdicts if verdict is Verdict.MISSED]
    if session.verdicts:
        print(f"\n{len(session.verdicts) - len(missed)} of {len(session.verdicts)} figures reach what is accepted")
    for text in missed:
        print(f"  missed: {text}")
    return 1 if options.check and missed else 0


def write(options: argparse.Namespace, about: dict, session: Session, tables: list) -> None:
    if options.json:
        verdicts = [{"figure": text, "verdict": verdict.value} for text, verdict in session.verdicts]
        record = {**about, "results": session.results, "verdicts": verdicts}
        options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        parts = [machine.heading(about).replace("\n", "  \n"), *(table.markdown() for table in tables)]
        options.markdown.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends workers and removes the pictures first
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"bench: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
