"""From a spreadsheet of names to a coalition: bring it in, see who is missing, ask, win them over, print it."""

import re
from pathlib import Path
from threading import Event
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from coalition.exchange import applying
from coalition.models import Partner, Sector, Upload, WorkingGroup
from tests import factories
from tests.conftest import Cast
from tests.journeys.conftest import follow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OTHERS = [sector for sector in Sector if sector != Sector.RESEARCH]


def roster(path: Path) -> Path:
    """As a planning team would keep it: their own column names, semicolons, an old encoding, a title on top."""
    lines = ["Our coalition;;;", "Agency;Kind;Contact person;E-mail"]
    lines += [f"Partner for {sector};{sector.label};Somebody {n};p{n}@x.example" for n, sector in enumerate(OTHERS)]
    lines += ["Northshore Policy Lab;Research;Zoë Straithairn;zoe@lab.example"]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def bring_in(ana: Page, path: Path) -> None:
    """The file's columns are proposed; one is corrected; what would change is looked at, then imported."""
    ana.goto("/larkspur/coalition/")
    follow(ana.get_by_role("link", name="Import and export"))
    ana.get_by_label("Roster").set_input_files(path)
    follow(ana.get_by_role("button", name="Read the file"))
    kind = ana.get_by_role("combobox", name="Kind")
    expect(kind).to_have_value("")
    kind.select_option("sector")
    expect(ana.get_by_role("combobox", name="Agency")).to_have_value("organization")
    follow(ana.get_by_role("button", name="Show what would change"))
    expect(ana.get_by_role("main")).to_contain_text("12 new partners")
    follow(ana.get_by_role("button", name="Import 24 entries"))
    expect(ana.get_by_role("main")).to_contain_text("24 entries written by roster.csv.")


def commit(ana: Page, name: str) -> None:
    """From the list to the partner, and the status set there."""
    ana.get_by_label("Name or notes contain").fill(name)
    follow(ana.get_by_role("button", name="Filter"))
    follow(ana.get_by_role("link", name=name))
    ana.get_by_label(f"Status of {name}").select_option(label="Committed")
    follow(ana.locator(".mp-move").get_by_role("button"))
    expect(ana.get_by_role("main")).to_contain_text(f"{name}: Committed.")


def test_a_roster_is_brought_in_a_gap_is_seen_asked_filled_and_printed(cast: Cast, sign_in, axe, tmp_path: Path):
    ana = sign_in(cast.ana)
    bring_in(ana, roster(tmp_path / "roster.csv"))
    sentence = ana.locator(".mp-coverage__sentence")
    expect(sentence).to_contain_text("Nobody is committed or in conversation yet from any of the 12 sectors.")
    expect(ana.locator(".mp-coverage__words")).to_contain_text("Research: Northshore Policy Lab")

    # Ask: who, what, and what for.
    ana.get_by_label("Name or notes contain").fill("northshore")
    follow(ana.get_by_role("button", name="Filter"))
    follow(ana.get_by_role("link", name="Northshore Policy Lab"))
    follow(ana.get_by_role("link", name="Change the request"))
    ana.get_by_label("How far is the request?").select_option(label="Asked")
    ana.get_by_label("Who asks").fill("ana@larkspur.example")
    ana.get_by_label("What we ask of them").fill("Read our data with us twice a year.")
    ana.get_by_label("What we offer them").fill("Open data, and credit.")
    ana.get_by_label("Follow up on").fill("2030-01-31")
    follow(ana.get_by_role("button", name="Save request"))
    expect(ana.get_by_role("main")).to_contain_text("asked by Ana Reyes")
    assert axe(ana) == []
    follow(ana.get_by_role("link", name=re.compile("My tasks")))
    expect(ana.get_by_role("main")).to_contain_text("Ask Northshore Policy Lab")

    # They say yes, and the coverage moves.
    ana.goto("/larkspur/coalition/")
    expect(sentence).to_contain_text("from 11 of 12 sectors")
    commit(ana, "Northshore Policy Lab")
    follow(ana.get_by_role("link", name="Change the partner"))
    ana.locator("label", has_text="agreed to be named in public").click()
    follow(ana.get_by_role("button", name="Save partner"))
    ana.goto("/larkspur/coalition/?view=board")
    expect(ana.get_by_role("region", name="Committed (1)")).to_contain_text("Northshore Policy Lab")
    expect(ana.locator(".mp-coverage__picture title")).to_contain_text("Research: 1 committed.")

    # The plan says so, and names nobody who has not agreed.
    ana.goto("/larkspur/plan/")
    with ana.expect_download() as download:
        ana.get_by_role("link", name=re.compile("PDF")).first.click()
    download.value.save_as(tmp_path / "plan.pdf")
    words = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "plan.pdf"))
    assert "Northshore Policy Lab" in words
    assert "12 partners, 1 of them committed." in words.replace("\r\n", " ")
    assert ("Somebody 1" in words, "Partner for faith" in words) == (False, False)


@pytest.mark.parametrize("stopped", [True, False])
def test_an_import_tells_how_far_it_is_and_can_be_stopped(
    cast: Cast, sign_in, axe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: bool
):
    monkeypatch.setattr(applying, "PORTION", 5)
    lines = [f"Org {n},faith,Person {n}" for n in range(150 if stopped else 10)]
    path = tmp_path / "roster.csv"
    path.write_text("organization,sector,person\n" + "\n".join(lines))
    ana = sign_in(cast.ana)
    ana.goto("/larkspur/coalition/files/")
    ana.get_by_label("Roster").set_input_files(path)
    follow(ana.get_by_role("button", name="Read the file"))
    # Before its scripts are there, the page just waits for the import.
    follow(ana.get_by_role("button", name="Show what would change"))
    expect(ana.locator(".mp-import")).to_be_hidden()
    if not stopped:
        follow(ana.get_by_role("button", name=re.compile("Import")))
        expect(ana.get_by_role("main")).to_contain_text("20 entries written by roster.csv.")
        assert (Partner.objects.count(), Upload.objects.count()) == (10, 0)
        return
    # The first portion is written, the next takes its time, as a large file does.
    write, stop = applying._add_partners, Event()

    def slowly(entries: Any, *args: Any) -> None:
        assert entries[0].line < 7 or stop.wait(60)
        write(entries, *args)

    monkeypatch.setattr(applying, "_add_partners", slowly)
    ana.get_by_role("button", name=re.compile("Import")).click()
    expect(ana.locator(".js-import-words")).to_contain_text("5 of 300 written")
    assert float(ana.locator("progress").get_attribute("max") or 0) == 300
    with ana.expect_response("**/stop/"):
        ana.get_by_role("button", name="Stop").click()
    stop.set()
    expect(ana.get_by_role("main")).to_contain_text("The import was stopped. Nothing was changed.")
    assert (Partner.objects.count(), Upload.objects.count()) == (0, 1)


def test_a_group_meets_and_what_follows_is_somebodys_task(cast: Cast, sign_in, axe):
    factories.partner(cast.larkspur, person="Kim Doe")
    ana = sign_in(cast.ana)
    ana.goto("/larkspur/coalition/groups/")
    follow(ana.get_by_role("link", name="Add the first"))
    ana.get_by_label("Name").fill("Homes")
    ana.get_by_label("Purpose").fill("Two metrics by spring")
    follow(ana.get_by_role("button", name="Add a working group"))
    ana.get_by_label("Find somebody to add").fill("kim")
    follow(ana.get_by_role("button", name="Find"))
    expect(ana.get_by_role("button", name=re.compile("Add to the group"))).to_be_visible()
    assert axe(ana) == []
    follow(ana.get_by_role("button", name=re.compile("Add to the group")))
    follow(ana.get_by_role("button", name=re.compile("Give the chair")))
    expect(ana.get_by_role("region", name="Members")).to_contain_text("chair")

    # They meet: one of the group and a guest.
    follow(ana.get_by_role("link", name="Add a meeting"))
    expect(ana.get_by_label("Who meets")).to_have_value(str(WorkingGroup.objects.get().pk))
    ana.get_by_label("Title").fill("First session")
    ana.get_by_label("Date").fill("2026-01-15")
    ana.get_by_label("From").fill("10:00")
    follow(ana.get_by_role("button", name="Add a meeting"))
    ana.locator("label", has_text="Kim Doe").click()
    ana.get_by_label("Others who were there").fill("Delia Marsh")
    follow(ana.get_by_role("button", name="Save who was there"))
    expect(ana.get_by_role("region", name="Who was there")).to_contain_text("2 people were there.")
    ana.get_by_text("Write down who does what").click()
    ana.get_by_label("What is to be done").fill("Ask the school district")
    ana.get_by_label("Who does it").fill("ben@larkspur.example")
    follow(ana.get_by_role("button", name="Add follow-up"))
    expect(ana.get_by_role("region", name="What follows")).to_contain_text("Ben Carter")
    assert axe(ana) == []

    # Ben finds it among his tasks, and is done with it.
    ben = sign_in(cast.ben)
    ben.goto("/larkspur/tasks/")
    follow(ben.get_by_role("link", name="Ask the school district"))
    follow(ben.get_by_role("button", name=re.compile("^Done")))
    expect(ben.get_by_role("region", name="What follows")).to_contain_text("Not done after all")
    ben.goto("/larkspur/tasks/")
    expect(ben.get_by_role("main")).not_to_contain_text("Ask the school district")
