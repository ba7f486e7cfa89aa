"""`manage.py export_plan`, end to end."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from documents.apart import RenderError
from mobility_planning import demo_data
from plans import finished
from plans.export import brief
from plans.export import document as plan_html
from plans.models import Release
from plans.queries import plan_document
from tests import pdfcheck
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """An empty folder to stand in, and a cache of its own."""
    settings.EXPORT_CACHE_DIR = tmp_path / "cache"
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def export(*args: str) -> str:
    out = io.StringIO()
    call_command("export_plan", *args, stdout=out)
    return out.getvalue()


def test_the_plan_is_written_under_its_own_name(cast: Cast, here: Path):
    assert export("larkspur") == "Written to larkspur-mobility-action-plan.pdf.\n"
    assert [path.name for path in here.iterdir()] == ["larkspur-mobility-action-plan.pdf"]
    assert (here / "larkspur-mobility-action-plan.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_an_unchanged_plan_is_the_same_file_byte_by_byte(cast: Cast, here: Path, settings):
    export("larkspur", "-o", "one.pdf")
    settings.EXPORT_CACHE_DIR = here.parent / "another"
    export("larkspur", "--output", "two.pdf")
    assert (here / "one.pdf").read_bytes() == (here / "two.pdf").read_bytes()


def test_a_dash_writes_to_standard_output(cast: Cast, here: Path, monkeypatch: pytest.MonkeyPatch):
    taken = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", taken)
    call_command("export_plan", "larkspur", "-o", "-")
    assert taken.buffer.getvalue().startswith(b"%PDF-")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("slug", ["nowhere", "", "lark spur", "a\x00b", "LARKSPUR"])
def test_an_unknown_town_is_one_line_and_writes_nothing(cast: Cast, here: Path, slug: str):
    with pytest.raises(CommandError) as caught:
        export(slug)
    assert (str(caught.value), caught.value.returncode) == (f'There is no municipality "{slug}".', 1)
    assert list(here.iterdir()) == []


def test_a_file_that_cannot_be_written_is_one_line(cast: Cast, here: Path):
    with pytest.raises(CommandError) as caught:
        export("larkspur", "-o", "missing/plan.pdf")
    assert str(caught.value) == "missing/plan.pdf cannot be written: No such file or directory."


def test_a_town_without_a_plan_is_one_line(cast: Cast, here: Path):
    cast.larkspur.plan.delete()
    with pytest.raises(CommandError) as caught:
        export("larkspur")
    assert str(caught.value) == "Larkspur County has no plan yet."


def test_a_plan_that_cannot_be_made_is_one_line_and_leaves_the_old_file(
    cast: Cast, here: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(html: str, *_more: object) -> bytes:
        raise RenderError("The PDF could not be made: no title.")

    monkeypatch.setattr(finished, "render_pdf", broken)
    (here / "plan.pdf").write_bytes(b"old")
    with pytest.raises(CommandError) as caught:
        export("larkspur", "-o", "plan.pdf")
    assert str(caught.value) == "The PDF could not be made: no title."
    assert (here / "plan.pdf").read_bytes() == b"old"


def test_its_words_are_put_together_where_it_is_drawn(cast: Cast, here: Path, monkeypatch: pytest.MonkeyPatch):
    """Within the same limits: fourteen texts at their longest take seconds to become HTML."""

    def refuse(*_given: object, **_more: object) -> str:
        raise AssertionError("put together in the server's own process")

    document = plan_document(cast.larkspur)
    for module in (plan_html, brief):
        monkeypatch.setattr(module, "finished_page", refuse)
    for kind in (finished.PDF, finished.BRIEF_PDF):
        assert kind.finished(document).startswith(b"%PDF-")


@pytest.mark.one_engine
def test_the_demo_towns_plans_keep_to_both_standards(db: None, tmp_path: Path):
    paths = [tmp_path / f"{slug}.pdf" for slug in demo_data.TOWNS]
    for path in paths:
        demo_data.seed(path.stem)
        call_command("export_plan", path.stem, output=str(path))
    paths.append(tmp_path / "released.pdf")
    paths[-1].write_bytes(Release.objects.get().pdf)
    assert pdfcheck.faults(*paths) == ""
