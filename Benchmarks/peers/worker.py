"""Answers requests of the driver: a line `run` in, the work once, one line of JSON out (as `patina-bench` does)."""

import json
import sys
import time
from collections.abc import Callable

import torch


def memory() -> dict[str, int]:
    """Resident and peak bytes of this process (proc(5): VmRSS and VmHWM)."""
    with open("/proc/self/status", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file)
    return {key: int(fields[field].split()[0]) * 1024
            for key, field in (("resident_bytes", "VmRSS"), ("peak_bytes", "VmHWM"))}


def say(value: dict) -> None:
    print(json.dumps(value), flush=True)


def serve(work: Callable[[], list[float]], **versions: str) -> None:
    """Until the input ends; `work` returns the values that the answer carries."""
    say({"ready": True, "threads": torch.get_num_threads(), "torch": torch.__version__, **versions})
    for request in sys.stdin:
        if request.strip() != "run":
            sys.exit(f"expected a line 'run', found {request!r}")
        start = time.perf_counter()
        values = work()
        seconds = time.perf_counter() - start
        say({"seconds": seconds, "values": values, **memory()})
