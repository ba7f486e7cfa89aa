"""Rows that most tests begin with: made once by the product's own services, then put there as they are."""

import copy
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection, transaction

T = TypeVar("T")


class Standing(Generic[T]):
    """
    What `make` gives, and the rows that it writes.

    Two towns with their people are a hundred rows with their history, and to make them anew is a third of the time of
    a test of a page. A row keeps the number that it got: the next ones are higher, on both engines.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        with transaction.atomic():
            before = {table: len(_rows(table)) for table in _tables()}
            self._made = make()
            self._rows = {table: rows for table in before if (rows := _rows(table)[before[table] :])}
            transaction.set_rollback(True)

    def put(self) -> T:
        """Write the rows into an empty database; what is given back is the test's own."""
        # Which table comes first is all the same: the engines look at the end who belongs to whom.
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self._rows.items():
                row = f"({', '.join(['%s'] * len(rows[0]))})"
                into = f"INSERT INTO {connection.ops.quote_name(table)} VALUES {', '.join([row] * len(rows))}"
                cursor.execute(into, [value for row in rows for value in row])
        return copy.deepcopy(self._made)


def _tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _rows(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
        return [tuple(row) for row in cursor.fetchall()]
