"""Peak memory of training against eager PyTorch's, and whether memory grows with epochs or with images."""

import json
import subprocess
from collections.abc import Iterator

from harness import pictures
from harness.contestants import BENCHMARKS, Contestant, Failure, Trial, attempt
from harness.figures import growth
from harness.session import Session
from harness.tables import Table
from parts import steps

MEBIBYTE = 1 << 20
EPOCHS = 10
IMAGES = (1_000, 100_000)
IMAGE_STEPS = 1500  # pass over 1000 images thrice: by then what is kept decoded has reached its ceiling in both


def run(session: Session) -> Iterator[Table]:
    session.results["memory"] = {}
    for part in (peaks, epochs, images):
        yield part(session)


def peaks(session: Session) -> Table:
    """Of the same processes that were timed, where steps were."""
    table = Table(
        "Peak memory of a training step's process, MiB",
        ["size", "", "leanest peer", ">peer", ">Patina", ">ratio", ">goal / least", ""])
    records = []
    for size in session.options.sizes:
        for precision in session.options.precisions:
            trials = session.step_trials.get((size, precision)) or fresh_trials(session, size, precision)
            own = trials["patina"].peak_bytes
            eager = {name: trial.peak_bytes for name, trial in trials.items() if name.startswith("eager")}
            leanest = min(eager, key=eager.get)
            ratio = own / eager[leanest]
            table.rows.append([
                size, precision, leanest, f"{eager[leanest] / MEBIBYTE:.0f}", f"{own / MEBIBYTE:.0f}", f"{ratio:.2f}",
                *session.judge("peak memory", f"{size} {precision}", ratio)])
            records.append({"size": size, "precision": precision, "patina_bytes": own, "eager_bytes": eager,
                            "ratio": ratio})
    session.results["memory"]["peaks"] = records
    return table


def fresh_trials(session: Session, size: str, precision: str) -> dict[str, Trial]:
    trials = {}
    for name, command in steps.candidates(session, size, precision).items():
        if name.startswith("eager"):
            session.say(f"memory {size} {precision}: {name}")
            with Contestant(name, command) as peer:
                trials[name] = attempt(peer)
    session.say(f"memory {size} {precision}: patina")
    with steps.ours(session, size, precision) as own:
        trials["patina"] = attempt(own)
    return trials


def training(session: Session, *arguments: object) -> list[dict]:
    """What a whole training says of itself: step, seconds, resident_bytes, peak_bytes."""
    command = session.ours("train", *arguments, "--threads", session.options.threads)
    done = subprocess.run(command, cwd=BENCHMARKS, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: {done.stderr.strip()} (exit code {done.returncode})")
    return [json.loads(line) for line in done.stdout.splitlines()]


def epochs(session: Session) -> Table:
    session.say(f"memory: {EPOCHS} epochs of training")
    a, b = (pictures.folder(session.scratch / f"epochs-{name}", 60, seed) for seed, name in enumerate("ab"))
    lines = training(session, "--a", a, "--b", b, "--pixels", 64, "--filters", 32, "--blocks", 6, "--epochs", EPOCHS)
    by_epoch = [line["resident_bytes"] for line in lines if line["step"] % 60 == 0]
    grown = growth(by_epoch, start=1)
    session.results["memory"]["epochs"] = {"resident_bytes": by_epoch, "growth_after_epoch_2": grown}
    return Table(
        "Resident memory after each epoch (64/32/6/1, 60 + 60 files), MiB",
        [*(f">{epoch}" for epoch in range(1, EPOCHS + 1)), ">growth from 2", ">goal", ""],
        [[*(f"{bytes_ / MEBIBYTE:.0f}" for bytes_ in by_epoch), f"{grown * 100:+.1f} %",
          *session.judge("memory over epochs", f"{EPOCHS} epochs", grown)]])


def images(session: Session) -> Table:
    session.say("memory: making pictures")
    source = pictures.folder(session.scratch / "few", 300, 7, short=(320, 320))
    resident, seconds = [], []
    for count in IMAGES:
        session.say(f"memory: {IMAGE_STEPS} steps on {count} images")
        a, b = (pictures.linked(session.scratch / f"many-{count}-{name}", source, count // 2) for name in "ab")
        lines = training(
            session, "--a", a, "--b", b, "--pixels", 32, "--filters", 8, "--blocks", 1, "--steps", IMAGE_STEPS)
        resident.append(lines[-1]["resident_bytes"])
        seconds.append(lines[0]["seconds"])
    grown = growth(resident, start=0)
    session.results["memory"]["images"] = {
        "images": IMAGES, "steps": IMAGE_STEPS, "resident_bytes": resident, "seconds_to_first_step": seconds,
        "growth": grown}
    return Table(
        f"Resident memory after {IMAGE_STEPS} steps (32/8/1/1) by the number of images in the data set, MiB",
        [*(f">{count:,} images".replace(",", " ") for count in IMAGES), ">growth", ">goal", ""],
        [[*(f"{bytes_ / MEBIBYTE:.0f}" for bytes_ in resident), f"{grown * 100:+.1f} %",
          *session.judge("memory by images", f"{IMAGES[1]} images", grown)]])
