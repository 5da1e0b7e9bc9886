"""How a step's time grows with pixels, batch and filters: measured points and the slope through their logarithms."""

from harness.contestants import WARM_UPS
from harness.figures import Spread, slope
from harness.session import Session
from harness.tables import Table
from parts import steps

SERIES = {  # what grows: the sizes
    "pixels": ["64/32/6/1", "96/32/6/1", "128/32/6/1", "192/32/6/1"],
    "batch": ["64/32/6/1", "64/32/6/2", "64/32/6/4", "64/32/6/8"],
    "filters": ["64/16/6/1", "64/32/6/1", "64/64/6/1"],
}
PLACE = {"pixels": 0, "filters": 1, "batch": 3}  # within a size


def run(session: Session) -> list[Table]:
    rounds = session.options.pairs or 7
    tables, records = [], []
    for precision in session.options.precisions:
        table = Table(
            f"A step's time as it grows, {precision}", ["what grows", "at", "seconds (median)", ">slope"],
            note="Slope p: seconds grow like x^p; work with the square of pixels and filters, and with the batch.")
        known: dict[str, list[float]] = {}
        for name, sizes in SERIES.items():
            for size in sizes:
                if size in known:
                    continue
                session.say(f"growth: patina at {size} {precision}")
                with steps.ours(session, size, precision) as own:
                    for _ in range(WARM_UPS):
                        own.run()
                    known[size] = [own.run()["seconds"] for _ in range(rounds)]
            points = [(int(size.split("/")[PLACE[name]]), Spread.of(known[size]).median) for size in sizes]
            exponent = slope(points)
            table.rows.append([
                name, ", ".join(str(x) for x, _ in points), ", ".join(f"{y:.3f}" for _, y in points),
                f"{exponent:.2f}"])
            records.append({"precision": precision, "grows": name, "sizes": sizes,
                            "seconds": [known[size] for size in sizes], "slope": exponent})
        tables.append(table)
    session.results["growth"] = records
    return tables
