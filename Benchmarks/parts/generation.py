"""Translated images per second: the published generator (64 filters, 9 blocks) without gradients.

Both sides may choose their precision: our best takes turns with the best of the peers. A batch is 4 images by default,
since `patina synthesize` translates in batches too.
"""

from harness.contestants import duel, select
from harness.figures import Spread
from harness.session import Session, not_run_note, spread_cell
from harness.tables import Table


def candidates(session: Session, size: str) -> dict[str, list[str]]:
    found = {}
    for precision in session.options.precisions:
        base = session.peer("generate", *session.network(size, precision))
        for layout in ("nchw", "nhwc"):
            found[f"eager {layout} {precision}"] = [*base, "--layout", layout]
            if session.compiles:
                found[f"compile {layout} {precision}"] = [*base, "--layout", layout, "--compiled"]
    # ONNX Runtime has no bf16 convolution for the CPU.
    found["onnxruntime fp32"] = session.peer("generate_onnx", *session.network(size, "fp32"))
    return found


def run(session: Session) -> list[Table]:
    batch, pixels = session.options.generation_batch, session.options.generation_pixels
    size = f"{pixels}/64/9/{batch}"
    peer, trials = select(candidates(session, size), lambda name: session.say(f"generation: trying {name}"))
    with peer:
        own, own_trials = select(
            {f"patina {precision}": session.ours("generate", *session.network(size, precision))
             for precision in session.options.precisions}, lambda name: session.say(f"generation: trying {name}"))
        with own:
            session.say(f"generation: {peer.name} and {own.name} in turns")
            result = duel(peer, own, session.options.pairs or 7)
    trials |= own_trials
    ratio = Spread.of(result.ratios)
    goal = session.judge("generation", f"{pixels} px, batch {batch}", ratio.median)
    per_second = [batch / Spread.of(seconds).median for seconds in (result.peer_seconds, result.patina_seconds)]
    session.results["generation"] = {
        "pixels": pixels, "batch": batch, **result.record,
        "images_per_second": {"peer": per_second[0], "patina": per_second[1]},
        "trials": {name: trial.record for name, trial in trials.items()}}
    table = Table(
        f"Generation at {pixels} px, 64 filters, 9 blocks, batch {batch}",
        ["fastest peer", "Patina", ">peer img/s", ">Patina img/s", ">ratio (range)", ">pairs", ">goal / least", ""],
        [[peer.name, own.name.removeprefix("patina "), *(f"{rate:.2f}" for rate in per_second), spread_cell(ratio),
          str(len(result.ratios)), *goal]],
        "\n".join(filter(None, [session.compile_note, *not_run_note(trials)])))
    tried = {name: trial.seconds for name, trial in trials.items() if trial.seconds}
    every = Table(
        "Generation, all that was tried (best of up to three)", ["", ">img/s"],
        [[name, f"{batch / seconds:.2f}"] for name, seconds in sorted(tried.items(), key=lambda item: item[1])])
    return [table, every]
