"""JPEG files per second into normalised, cropped and flipped tensors, against torchvision in a DataLoader.

The files are in the page cache; nothing decoded is kept from one pass to the next. A file that Patina finds decoded
within a pass, because B's lot drew it twice, does not count as loaded.
"""

from harness import pictures
from harness.contestants import Contestant, duel, select
from harness.figures import Spread
from harness.session import Session, not_run_note, spread_cell
from harness.tables import Table

WORKERS = 2


def run(session: Session) -> list[Table]:
    count = session.options.pictures
    session.say(f"loading: making {2 * count} pictures")
    a, b = (pictures.folder(session.scratch / name, count, seed) for seed, name in enumerate(("load-a", "load-b")))
    table = Table(
        f"Loading {2 * count} JPEG files of about 290 px: decode, crop 256, flip, to tensor",
        ["", "fastest peer", ">peer img/s", ">Patina img/s", ">ratio (range)", ">pairs", ">goal / least", ""])
    records, notes = [], []
    for label, resize in (("native", []), ("resize 286", ["--load-size", "286"])):
        common = ["--a", a, "--b", b, "--count", count, "--pixels", 256, *resize, "--threads", session.options.threads]
        candidates = {
            f"{decoder}, {WORKERS} workers": session.peer("load", *common, "--decoder", decoder, "--workers", WORKERS)
            for decoder in ("pillow", "torchvision.io")}
        peer, trials = select(candidates, lambda name: session.say(f"loading, {label}: trying {name}"))
        with peer, Contestant("patina", session.ours("load", *common)) as own:
            session.say(f"loading, {label}: {peer.name} and patina in turns")
            result = duel(peer, own, session.options.pairs or 9)
        # Seconds per file, since the two need not have loaded equally many.
        files = result.peer_values[0], result.patina_values[0]
        ratios = [ratio * files[1] / files[0] for ratio in result.ratios]
        rates = [number / Spread.of(seconds).median
                 for number, seconds in zip(files, (result.peer_seconds, result.patina_seconds))]
        ratio = Spread.of(ratios)
        table.rows.append([
            label, peer.name, *(f"{rate:.0f}" for rate in rates), spread_cell(ratio), str(len(ratios)),
            *session.judge("loading", label, ratio.median)])
        notes += not_run_note(trials)
        records.append({"resize": label, **result.record, "files": files, "images_per_second": rates, "ratios": ratios,
                        "delivered_ratios": result.ratios,
                        "ratio": ratio.__dict__, "trials": {name: trial.record for name, trial in trials.items()}})
    table.note = "\n".join(dict.fromkeys(notes))
    session.results["loading"] = records
    return [table]
