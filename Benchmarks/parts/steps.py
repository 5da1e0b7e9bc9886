"""One whole CycleGAN training step, in turns with the fastest of PyTorch's ways to do it."""

from harness.contestants import Contestant, Trial, duel, select
from harness.figures import Spread
from harness.session import Session, not_run_note, spread_cell
from harness.tables import Table

SIZES = {"64/32/6/1": 15, "64/32/6/8": 9, "128/64/9/1": 7, "256/64/9/1": 5}  # pixels/filters/blocks/batch: pairs


def candidates(session: Session, size: str, precision: str) -> dict[str, list[str]]:
    base = session.peer("step", *session.network(size, precision))
    found = {f"eager {layout}": [*base, "--layout", layout] for layout in ("nchw", "nhwc")}
    if session.compiles:
        found |= {f"compile {layout}": [*base, "--layout", layout, "--compiled"] for layout in ("nchw", "nhwc")}
    return found


def ours(session: Session, size: str, precision: str) -> Contestant:
    return Contestant("patina", session.ours("step", *session.network(size, precision)))


def run(session: Session) -> list[Table]:
    table = Table(
        "One training step (pixels/filters/blocks/batch)",
        ["size", "", "fastest peer", ">peer s", ">Patina s", ">ratio (range)", ">pairs", ">goal / least", ""])
    records, notes = [], [session.compile_note]
    for size in session.options.sizes:
        for precision in session.options.precisions:
            place = f"{size} {precision}"
            peer, trials = select(
                candidates(session, size, precision), lambda name: session.say(f"step {place}: trying {name}"))
            with peer, ours(session, size, precision) as own:
                session.say(f"step {place}: {peer.name} and patina in turns")
                result = duel(peer, own, session.options.pairs or SIZES.get(size, 7))
            session.step_trials[size, precision] = trials | {
                "patina": Trial(min(result.patina_seconds), result.patina_peak_bytes)}
            ratio = Spread.of(result.ratios)
            goal = session.judge(f"step {precision}", size, ratio.median)
            table.rows.append([
                size, precision, peer.name, f"{Spread.of(result.peer_seconds).median:.3f}",
                f"{Spread.of(result.patina_seconds).median:.3f}", spread_cell(ratio), str(len(result.ratios)), *goal])
            notes += not_run_note(trials)
            records.append({"size": size, "precision": precision, **result.record,
                            "trials": {name: trial.record for name, trial in trials.items()}})
    table.note = "\n".join(dict.fromkeys(filter(None, notes)))
    session.results["steps"] = records
    return [table]
