"""One table, for the terminal and as Markdown."""

from dataclasses import dataclass, field


@dataclass
class Table:
    title: str
    columns: list[str]  # a leading > puts a column's cells to the right
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""

    @property
    def _names(self) -> list[str]:
        return [name.removeprefix(">") for name in self.columns]

    def text(self) -> str:
        widths = [max(map(len, cells)) for cells in zip(self._names, *self.rows)]

        def line(cells: list[str]) -> str:
            places = [cell.rjust(width) if column.startswith(">") else cell.ljust(width)
                      for cell, width, column in zip(cells, widths, self.columns)]
            return ("  " + "  ".join(places)).rstrip()

        notes = [f"  {text}" for text in self.note.splitlines()]
        return "\n".join([self.title, line(self._names), *map(line, self.rows), *notes])

    def markdown(self) -> str:
        def line(cells: list[str]) -> str:
            return f"| {' | '.join(cells)} |"

        rule = "".join("|---:" if column.startswith(">") else "|---" for column in self.columns) + "|"
        text = "\n".join([f"### {self.title}", "", line(self._names), rule, *map(line, self.rows)])
        return f"{text}\n\n{self.note}" if self.note else text
