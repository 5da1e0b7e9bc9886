"""One CycleGAN training step, Patina's against PyTorch's, in turns on the same cores.

Each contestant is a process that does one step when asked and waits in between. For each size and precision the peers
(eager, and with --compile torch.compile; rows and channels innermost) are tried first; the fastest then takes turns with
Patina: one step each, so that both see the same machine. The ratio of a pair is the peer's time over Patina's.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

SIZES = {"64/32/6/1": 15, "64/32/6/8": 7, "128/64/9/1": 5, "256/64/9/1": 3}  # pixels/filters/blocks/batch: pairs
HERE = Path(__file__).resolve().parent


class Contestant:
    """A worker process; `run` gives its answer: seconds, values, resident_bytes, peak_bytes."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.greeting = self._answer()

    def run(self) -> dict:
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended without an answer (exit code {self.process.wait()})")
        return json.loads(line)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def options(size: str, precision: str, threads: int) -> list[str]:
    names = ("--pixels", "--filters", "--blocks", "--batch")
    pairs = [text for pair in zip(names, size.split("/")) for text in pair]
    return [*pairs, "--precision", precision, "--threads", str(threads)]


def peers(size: str, precision: str, threads: int, compiled: bool) -> dict[str, list[str]]:
    base = [sys.executable, "-m", "peers.step", *options(size, precision, threads)]
    found = {f"eager {layout}": [*base, "--layout", layout] for layout in ("nchw", "nhwc")}
    if compiled:
        found |= {f"compile {layout}": [*base, "--layout", layout, "--compiled"] for layout in ("nchw", "nhwc")}
    return found


def best_peer(commands: dict[str, list[str]]) -> tuple[Contestant, dict[str, float]]:
    """The fastest of three steps after a warm-up; the others are ended."""
    best, seconds = None, {}
    for name, command in commands.items():
        peer = Contestant(name, command)
        peer.run()
        seconds[name] = min(peer.run()["seconds"] for _ in range(3))
        if best is None or seconds[name] < seconds[best.name]:
            best, peer = peer, best
        if peer is not None:
            peer.close()
    return best, seconds


def compare(size: str, precision: str, pairs: int, arguments: argparse.Namespace) -> dict:
    peer, screened = best_peer(peers(size, precision, arguments.threads, arguments.compile))
    ours = Contestant("patina", [arguments.worker, "step", *options(size, precision, arguments.threads)])
    for _ in range(2):
        ours.run()
    rows = [(peer.run(), ours.run()) for _ in range(pairs)]
    times = [[answer["seconds"] for answer in side] for side in zip(*rows)]
    ratios = [theirs / own for theirs, own in zip(*times)]
    result = {
        "size": size, "precision": precision, "peer": peer.name, "screened_seconds": screened,
        "peer_seconds": times[0], "patina_seconds": times[1], "ratios": ratios,
        "median_ratio": statistics.median(ratios),
        "peak_bytes": {"peer": rows[-1][0]["peak_bytes"], "patina": rows[-1][1]["peak_bytes"]}}
    for contestant in (peer, ours):
        contestant.close()
    return result


def row(result: dict) -> str:
    memory = result["peak_bytes"]
    return (f"{result['size']:<12}{result['precision']:<6}{result['peer']:<14}"
            f"{statistics.median(result['peer_seconds']):8.3f}{statistics.median(result['patina_seconds']):9.3f}"
            f"{result['median_ratio']:8.2f} ({min(result['ratios']):.2f} to {max(result['ratios']):.2f})"
            f"{memory['patina'] / memory['peer']:8.2f}")


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Example: make bench SIZES='64/32/6/1 64/32/6/8' JSON=bench.json")
    parser.add_argument("--worker", required=True, help="the program patina-bench")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), help="pixels/filters/blocks/batch")
    parser.add_argument("--precisions", nargs="+", choices=["fp32", "bf16"], default=["fp32", "bf16"])
    parser.add_argument("--pairs", type=int, help="pairs of steps (default: by size)")
    parser.add_argument("--compile", action="store_true", help="also torch.compile, which takes minutes to start")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path, help="write every measured number here")
    arguments = parser.parse_args()
    print(f"{'size':<12}{'':<6}{'best peer':<14}{'peer s':>8}{'patina s':>9}{'ratio':>8} {'(range)':<15}{'memory':>8}")
    results = []
    for size in arguments.sizes:
        for precision in arguments.precisions:
            result = compare(size, precision, arguments.pairs or SIZES.get(size, 5), arguments)
            results.append(result)
            print(row(result), flush=True)
    if arguments.json:
        record = {
            "date": datetime.date.today().isoformat(), "cpu": processor(), "threads": arguments.threads,
            "omp_wait_policy": os.environ.get("OMP_WAIT_POLICY", "default"), "results": results}
        arguments.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
