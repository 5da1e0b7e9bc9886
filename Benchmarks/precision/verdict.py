"""Whether bfloat16 lies within the spread of the float32 seeds, and the table that says so."""

from statistics import fmean, stdev

import numpy as np

KID = "KID x 1000"


def compare(full: dict[int, float], half: dict[int, float]) -> dict:
    """Values by seed. `within` is the float32 seeds' least to greatest value, and nothing wider."""
    low, high = min(full.values()), max(full.values())

    def place(value: float) -> str:
        return "below" if value < low else "above" if value > high else "within"

    shared = sorted(full.keys() & half.keys())
    differences = [half[seed] - full[seed] for seed in shared]
    return {
        "fp32": {"mean": fmean(full.values()), "min": low, "max": high, "seeds": full},
        "bf16": {"mean": fmean(half.values()), "seeds": half},
        "verdict": place(fmean(half.values())),
        "seed_verdicts": {seed: place(value) for seed, value in half.items()},
        "paired_difference": {
            "mean": fmean(differences) if differences else None,
            "deviation": stdev(differences) if len(differences) > 1 else None}}


def chance_within(full: int, half: int, draws: int = 200_000) -> float:
    """How often the mean of so many bfloat16 seeds lies within float32's spread where there is no difference at all."""
    random = np.random.default_rng(0)
    spread = random.standard_normal((draws, full))
    mean = random.standard_normal((draws, half)).mean(1)
    return float(((mean >= spread.min(1)) & (mean <= spread.max(1))).mean())


def number(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"


def table(subject: dict, comparisons: dict[str, dict]) -> list[str]:
    lines = [
        "| measure | fp32 mean (min to max) | bf16 mean | bf16 per seed | bf16 - fp32, same seed | bf16 mean is |",
        "|---|---|---|---|---|---|"]
    for name, found in comparisons.items():
        full, half, pair = found["fp32"], found["bf16"], found["paired_difference"]
        seeds = ", ".join(
            number(value) + ("" if found["seed_verdicts"][seed] == "within" else f" ({found['seed_verdicts'][seed]})")
            for seed, value in half["seeds"].items())
        difference = "" if pair["mean"] is None else f"{pair['mean']:+.4f}"
        if pair["deviation"] is not None:
            difference += f" (s.d. {pair['deviation']:.4f})"
        lines.append(
            f"| {name} | {number(full['mean'])} ({number(full['min'])} to {number(full['max'])}) "
            f"| {number(half['mean'])} | {seeds} | {difference} | {found['verdict']} |")
    return lines


def page(record: dict) -> str:
    """Markdown: a table per data set, each run's KID with its interval, and what chance alone would give."""
    lines = ["# bfloat16 against the spread of float32 seeds", "",
             f"{record['date']}, {record['cpu']}, {record['threads']} threads, {record['versions']}.",
             "Losses are means over the last fifth of the steps; KID of translated test images to real ones, at 768"
             " dimensions.", ""]
    for subject in record["subjects"]:
        size = subject["size"]
        lines += [f"## {subject['name']}: {size['clean']} to {size['defect']}", "",
                  f"{size['pixels']} pixels, {size['filters']} filters, {size['blocks']} blocks, batch {size['batch']},"
                  f" {size['steps']} steps; {subject['translated']} test images translated, {subject['real']} real.",
                  f"KID x 1000 of the clean images themselves: {number(subject['untranslated'] * 1000)}.", ""]
        comparisons = subject["comparisons"]
        if comparisons:
            lines += [*table(subject, comparisons), ""]
            within = [found["verdict"] == "within" for found in comparisons.values()]
            seeds = [place == "within" for found in comparisons.values() for place in found["seed_verdicts"].values()]
            full, half = (len(comparisons[KID][name]["seeds"]) for name in ("fp32", "bf16"))
            lines += [
                f"Within the spread: {sum(within)} of {len(within)} means, {sum(seeds)} of {len(seeds)} single values."
                f" Independent seeds without any difference would give {chance_within(full, half):.0%} of the means and"
                f" {chance_within(full, 1):.0%} of the single values; runs of one seed share their start and their"
                " images, which brings them closer.", ""]
        lines += ["| run | KID x 1000 | 95 % interval |", "|---|---|---|"]
        for run in subject["runs"]:
            kid = run["kid"]
            interval = f"{number(kid['low'] * 1000)} to {number(kid['high'] * 1000)}"
            lines.append(f"| {run['precision']}, seed {run['seed']} | {number(kid['value'] * 1000)} | {interval} |")
        lines += ["", f"Intervals: {subject['method']}.", ""]
    return "\n".join(lines)
