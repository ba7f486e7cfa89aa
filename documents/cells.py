"""Text in the cells of a table that people take away, and bring back: none of it is run by a spreadsheet."""

import re

# What a spreadsheet would run as a formula, behind any apostrophes that already make it text.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would run it; `unguarded` gives it back."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that made a formula inert."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def one_newline(text: str) -> str:
    """The text with one kind of line break, whatever machine it came from."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
