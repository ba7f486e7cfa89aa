"""`make test` promises both databases; this is what holds it to that."""

import pytest
from django.db import connection

from tests import postgres
from tests.engines import engine_urls, worker


@pytest.mark.django_db
def test_the_database_is_the_one_this_run_asked_for() -> None:
    asked = worker()[0] or connection.vendor
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert (connection.vendor, cursor.fetchone()) == (asked, (1,))


def test_both_engines_run_where_a_postgresql_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://somewhere/else")
    assert list(engine_urls()) == ["sqlite", "postgresql"]
    monkeypatch.delenv("TEST_DATABASE_URL")
    assert list(engine_urls()) == ["sqlite"]


def test_a_named_server_is_used_and_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://somewhere/else")
    with postgres.database_url() as url:
        assert url == "postgresql://somewhere/else"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_missing_postgresql_is_an_error_in_ci_and_a_warning_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], ci: str, code: int
) -> None:
    def refuse() -> None:
        raise postgres.Unavailable("no room")

    monkeypatch.setattr(postgres, "database_url", refuse)
    monkeypatch.setattr(postgres, "run", lambda command, **variables: 0)
    monkeypatch.setenv("CI", ci)
    assert postgres.main(["true"]) == code
    assert "PostgreSQL could not be started (no room)." in capfd.readouterr().err
