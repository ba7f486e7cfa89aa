"""The JSON export read back as a worksheet: the same rows, checked for their types before anything else."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from readiness.rules.worksheet import MAX_BYTES, MAX_ROWS, Fault, Row, Sheet, WorksheetError

STEP = ("status", "note", "evidence", "owner", "due")
CONDITION = {"judged": "status", "reason": "reason", "note": "note", "owner": "owner", "due": "due"}


def read(raw: bytes) -> tuple[str, int, Sheet]:
    """The town's slug, the round's number and the rows; raises WorksheetError for what is no export of ours."""
    data = _mapping(_parsed(raw), "the file")
    place = _mapping(data.get("municipality"), "municipality")
    slug, number, conditions = place.get("slug"), data.get("round"), data.get("conditions")
    if not isinstance(slug, str) or not isinstance(number, int) or not isinstance(conditions, list):
        raise WorksheetError(Fault(0, "this is not an assessment that was exported here"))
    rows = tuple(_rows(conditions))
    if len(rows) > MAX_ROWS:
        raise WorksheetError(Fault(0, f"the file has more than {MAX_ROWS:,} rows"))
    return slug, number, Sheet(rows)


def _parsed(raw: bytes) -> object:
    if len(raw) > MAX_BYTES:
        raise WorksheetError(Fault(0, f"the file is larger than {MAX_BYTES // 1_000_000} MB"))
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise WorksheetError(Fault(getattr(error, "lineno", 0), "this is not JSON as it is exported here")) from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _rows(conditions: list[object]) -> Iterator[Row]:
    number = 0
    for entry in conditions:
        number += 1
        condition = _mapping(entry, f"condition {number}")
        cells = {column: _text(condition, name) for name, column in CONDITION.items() if name in condition}
        yield Row(number, _text(condition, "key"), cells)
        steps = condition.get("steps", [])
        if not isinstance(steps, list):
            raise WorksheetError(Fault(number, "steps is not a list"))
        for step in steps:
            number += 1
            line = _mapping(step, f"step {number}")
            yield Row(number, _text(line, "key"), {name: _text(line, name) for name in STEP if name in line})


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise WorksheetError(Fault(0, f"{what} is not an object"))
    return value


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is not None and not isinstance(value, str):
        raise WorksheetError(Fault(0, f"{name} is not a text"))
    return value or ""
