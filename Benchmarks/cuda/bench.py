"""Patina against PyTorch on a GPU, in under eight minutes: parity of a step, training, generation; one JSON file.

Started as `bench` in the folder that `scripts/kit` makes, by a python3 that has torch. Contestants are
processes that take turns. What there is no GPU or no time for is written as "not measured", never guessed.
"""

import argparse
import json
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from workers import Failure, Kit, Worker

SIZES = ["64/32/6/1", "64/32/6/8", "128/64/9/1", "256/64/9/1"]  # pixels/filters/blocks/batch
GENERATION = "256/64/9/8"
PRECISIONS = ["fp32", "bf16"]
PEERS = {
    "eager": {"eager channels-last": ["--layout", "channels-last"], "eager row-major": ["--layout", "row-major"]},
    "compile": {"compile row-major": ["--layout", "row-major", "--compile", "default"]},
    # Kernels recorded once and replayed as CUDA graphs.
    "graphs": {"compile row-major, graphs": ["--layout", "row-major", "--compile", "reduce-overhead"]},
}
NOT_MEASURED = "not measured"
PAIRS = 5


def network(size: str, precision: str) -> list[str]:
    names = ("--size", "--filters", "--blocks", "--batch")
    return [text for pair in zip(names, size.split("/")) for text in pair] + ["--precision", precision]


class Bench:
    def __init__(self, kit: Kit, options: argparse.Namespace) -> None:
        self.kit, self.options = kit, options
        self.end = time.monotonic() + 60 * options.minutes
        self.device = ["--device", options.device, "--threads", str(options.threads)]

    def say(self, text: str) -> None:
        print(f"[{max(0, self.end - time.monotonic()):3.0f} s left] {text}", file=sys.stderr, flush=True)

    def left(self, seconds: float) -> bool:
        return self.end - time.monotonic() > seconds

    def parity(self, precision: str) -> dict:
        """The same step from the same weights by both, without TF32 and with algorithms that repeat."""
        self.say(f"parity {precision}")
        exact = [*network("64/32/6/2", precision), *self.device, "--layout", "row-major", "--no-tf32", "--no-timing"]
        with tempfile.TemporaryDirectory() as folder:
            start, theirs = f"{folder}/start.safetensors", f"{folder}/peer.pt"
            self.kit.once(self.kit.ours("parity", *exact, "--to", start))
            self.kit.once(self.kit.peer("parity", start, *exact, "--to", theirs))
            return {"precision": precision, **self.kit.once(self.kit.peer("compare", start, theirs))}

    def contest(self, task: str, size: str, precision: str, peers: str) -> dict:
        """Patina and each peer of a kind in turns; per unit, the median over all rounds."""
        place = f"{task} {size} {precision}"
        result = {"task": task, "size": size, "precision": precision, "peers": peers}
        common = [*network(size, precision), *self.device, "--task", task]
        commands = {"patina": self.kit.ours("worker", *common)}
        commands |= {name: self.kit.peer("worker", *common, *arguments) for name, arguments in PEERS[peers].items()}
        self.say(f"{place}: starting {', '.join(commands)}")
        workers = {}
        try:
            for name, command in commands.items():
                workers[name] = Worker(command)
            for worker in workers.values():  # warm: the first rounds choose algorithms and fill caches
                worker.run(2)
            once = max(worker.run(1)["seconds"] for worker in workers.values())
            rounds = max(1, min(50, int(self.options.round_seconds / once)))
            answers = {name: [] for name in workers}
            for _ in range(PAIRS):
                for name, worker in workers.items():
                    answers[name].append(worker.run(rounds))
        except Failure as failure:
            return {**result, "status": NOT_MEASURED, "reason": str(failure)}
        finally:
            for worker in workers.values():
                worker.close()
        seconds = {name: [a["seconds"] / rounds for a in given] for name, given in answers.items()}
        best = min((name for name in seconds if name != "patina"), key=lambda name: statistics.median(seconds[name]))
        ratios = [theirs / own for theirs, own in zip(seconds[best], seconds["patina"])]
        return {**result, "status": "measured", "rounds": rounds, "seconds": seconds,
                "issued": {name: [a["issued"] / rounds for a in given] for name, given in answers.items()},
                "peer": best, "ratios": ratios, "ratio": statistics.median(ratios)}

    def plan(self) -> list[tuple[str, str, str, str]]:
        """Most wanted first, since the time may end; compiling peers cost the most."""
        sizes, generation = self.options.sizes, self.options.generation
        eager = [("step", size, precision, "eager") for size in sizes for precision in PRECISIONS]
        eager += [("generation", generation, precision, "eager") for precision in PRECISIONS]
        compiled = [("generation", generation, "bf16", "graphs"), ("step", sizes[0], "bf16", "graphs")]
        compiled += [("step", size, "bf16", "compile") for size in sizes[1:3]]
        compiled.append(("generation", generation, "bf16", "compile"))
        return eager + (compiled if self.options.compile else [])

    def run(self) -> dict:
        record = {"parity": [self.parity(precision) for precision in PRECISIONS], "contests": []}
        for task, size, precision, peers in self.plan():
            if self.left(30 if peers == "eager" else 90):
                record["contests"].append(self.contest(task, size, precision, peers))
            else:
                record["contests"].append({
                    "task": task, "size": size, "precision": precision, "peers": peers, "status": NOT_MEASURED,
                    "reason": "the time was over"})
            print(line(record["contests"][-1]), flush=True)
        return record


def line(contest: dict) -> str:
    place = f"{contest['task']:<11}{contest['size']:<12}{contest['precision']:<5}"
    if contest["status"] == NOT_MEASURED:
        return f"{place} against {contest['peers']}: {NOT_MEASURED}: {contest['reason']}"
    own, theirs = (1000 * statistics.median(contest["seconds"][name]) for name in ("patina", contest["peer"]))
    return (f"{place} patina {own:8.2f} ms, {contest['peer']} {theirs:8.2f} ms, ratio {contest['ratio']:.2f} "
            f"({min(contest['ratios']):.2f} to {max(contest['ratios']):.2f})")


def look(kit: Kit, record: dict, device: str) -> None:
    """Writes down versions and devices; fails where nothing can be measured."""
    record["built_against"] = kit.built_against
    peer = record["peer"] = kit.once(kit.peer("devices"))
    if device != "cpu":
        if peer["devices"] == 0:
            raise Failure(f"no GPU: torch {peer['torch']} of {sys.executable} sees none")
        if peer["torch"].split("+")[0] != kit.built_against:
            raise Failure(f"expected torch {kit.built_against}, which Patina was built against, found {peer['torch']}")
    ours = record["patina"] = kit.once(kit.ours("devices"))
    if device != "cpu" and ours["cuda"] == 0:
        raise Failure(f"libtorch offers Patina no GPU: {ours.get('reason', 'none found')}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, default=Path("bench-cuda.json"), help="(default: bench-cuda.json)")
    parser.add_argument("--minutes", type=float, default=7,
                        help="what would not be done by then is not started (default: 7)")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True, help="torch.compile too")
    parser.add_argument("--threads", type=int, default=4, help="of the host")
    # For trying the whole chain where there is no GPU.
    for name, default in (("device", "cuda:0"), ("libtorch", None), ("generation", GENERATION)):
        parser.add_argument(f"--{name}", default=default, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help=argparse.SUPPRESS)
    parser.add_argument("--round-seconds", type=float, default=0.6, help=argparse.SUPPRESS)
    options = parser.parse_args()
    record = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "device": options.device}
    try:
        kit = Kit(options.libtorch)
        look(kit, record, options.device)
        record |= {"status": "measured", **Bench(kit, options).run()}
    except Failure as failure:
        record |= {"status": NOT_MEASURED, "reason": str(failure)}
    options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if record["status"] == NOT_MEASURED:
        print(f"bench-cuda: {NOT_MEASURED}: {record['reason']} (written to {options.json})", file=sys.stderr)
        return 1
    for parity in record["parity"]:
        print(f"parity {parity['precision']}: losses differ by {parity['losses_relative']:.1e}, gradients by "
              f"{parity['generator_gradients_relative_rms']:.1e} and "
              f"{parity['discriminator_gradients_relative_rms']:.1e} (relative)")
    print(f"written to {options.json}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the workers first
    sys.exit(main())
