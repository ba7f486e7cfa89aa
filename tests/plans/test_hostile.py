"""Hostile content in every field of a plan is inert on its pages and in its files, and fetches nothing."""

import csv
import datetime
import io
import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import pikepdf
import pypdfium2
import pytest
from django.conf import LazySettings
from django.test import Client
from docx.oxml import parse_xml

from accounts.models import User
from documents import apart as processes
from documents.cells import FORMULA
from documents.markdown import is_safe_link
from documents.static_files import BASE_URL, StaticFetcher
from findings.models import Engagement, Finding
from mobility_planning.templatetags.look import apart
from municipalities.records import overwrite
from plans.finished import BRIEF_PDF, BRIEF_WORD, PDF, SLIDES, WORD
from plans.models import Section
from plans.outline import by_key
from plans.queries import plan_document
from preparedness.models import Action
from strategy.models import LogicItem, Measure, Priority, ProgressEntry, StrategicAction
from tests import pdfcheck
from tests.conftest import Cast, signed_in
from tests.plans import hostile
from tests.plans.hostile import EMOJI, MARK, RIGHT_TO_LEFT

# Attributes whose value is read as words, whatever it says.
SAID = {"value", "alt", "title", "aria-label", "data-label", "data-markdown", "data-text", "placeholder", "hx-confirm"}
LOADS = {"src", "href", "action", "formaction", "xlink:href", "srcset", "poster", "data", "hx-get", "hx-post"}
FILE = re.compile(r"\.(pdf|docx|pptx|xlsx|vcf|ics|csv|json)$")


class Page(HTMLParser):
    """What of a page would run, load or stand where the product did not put it; and where it leads to."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url, self.faults, self.links, self.inside = url, list[str](), set[str](), ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        values = {name: value or "" for name, value in attributes}
        if tag in ("iframe", "object", "embed", "base", "style") or (tag == "script" and not self._ours(values)):
            self.faults.append(f"{self.url}: <{tag}> {values}")
        for name, value in values.items():
            if name.startswith("on") or name == "style" or (MARK in value and name not in SAID):
                self.faults.append(f"{self.url}: <{tag} {name}={value[:80]!r}>")
            if name in LOADS and not self._may_lead(tag, value):
                self.faults.append(f"{self.url}: <{tag} {name}={value[:80]!r}>")
        if tag == "a" and values.get("href"):
            self.links.add(urljoin(self.url, values["href"]).split("#")[0])

    def handle_data(self, data: str) -> None:
        if self.inside in ("script", "style") and MARK in data:
            self.faults.append(f"{self.url}: words inside <{self.inside}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    @staticmethod
    def _ours(values: dict[str, str]) -> bool:
        return values.get("src", "").startswith("/static/") or values.get("type") == "application/json"

    @staticmethod
    def _may_lead(tag: str, value: str) -> bool:
        own = value == "" or (value.startswith(("/", "#", "?")) and not value.startswith("//"))
        return own or (tag == "a" and is_safe_link(value))


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What documents load; anything beyond the project's own files fails the test, and any connection at once."""
    found: list[str] = []
    own = StaticFetcher.fetch

    def fetch(self: StaticFetcher, url: str, headers: object = None) -> Any:
        found.append(url)
        return own(self, url, headers)

    def refuse(*args: object, **_more: object) -> None:
        raise AssertionError(f"reached out: {args[1:]}")

    # Made here and not in a process apart, where nobody would see what it loads.
    monkeypatch.setattr(processes._here, "parent", Mock())
    monkeypatch.setattr(StaticFetcher, "fetch", fetch)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    yield found
    assert [url for url in found if not re.match(rf"{BASE_URL}(css|fonts|img|vendor|pictures)/", url)] == []


@pytest.fixture
def filled(cast: Cast, tmp_path: Path, settings: LazySettings, fetched: list[str]) -> Cast:
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    # The product's own address, which in tests is the machine's.
    settings.SITE_URL = "https://larkspur.example"
    hostile.fill(cast)
    return cast


def crawl(client: Client, start: str) -> Iterator[tuple[str, Any]]:
    """Every page and table that can be reached from a page of the town by links."""
    waiting, seen = [start], {start}
    while waiting:
        url = waiting.pop()
        answer = client.get(url)
        assert answer.status_code == 200, url
        yield url, answer
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for link in sorted(Page(url, answer.content.decode()).links - seen):
            parts = urlsplit(link)
            kind = FILE.search(parts.path)
            if not parts.scheme and re.match("/(public/)?larkspur/", parts.path) and (not kind or kind[1] == "csv"):
                seen.add(link)
                waiting.append(link)


def inert(cell: str) -> bool:
    """A spreadsheet takes the cell for words or for a number."""
    return not FORMULA.match(cell) or cell.startswith("'") or bool(re.fullmatch(r"-[\d.]+", cell))


@pytest.mark.one_engine
def test_pages_and_tables_hold_hostile_content_as_words(filled: Cast):
    faults, pages, tables = set[str](), set[str](), set[str]()
    for client, start in ((signed_in(filled.ana), "/larkspur/plan/"), (Client(), "/public/larkspur/")):
        for url, answer in crawl(client, start):
            if answer["Content-Type"].startswith("text/html"):
                pages.add(url)
                faults |= set(Page(url, answer.content.decode()).faults)
            elif answer["Content-Type"].startswith("text/csv"):
                tables.add(url)
                rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
                faults |= {f"{url}: {cell[:80]}" for row in rows for cell in row if not inert(cell)}
    assert faults == set()
    # The walk has seen what a plan shows.
    assert pages >= {f"/larkspur/plan/{key}/" for key in by_key()}
    assert pages >= {
        f"/larkspur/{page}/" for page in ("plan/checks", "plan/releases", "plan/pictures", "findings/data")
    }
    assert pages >= {"/larkspur/strategy/", "/larkspur/strategy/diagram/", "/larkspur/strategy/measures/"}
    assert pages >= {"/public/larkspur/?lang=es", "/public/larkspur/?lang=en", "/public/larkspur/1/?lang=es"}
    assert tables >= {f"/larkspur/strategy/{name}/export.csv" for name in ("actions", "logic", "measures", "progress")}


def test_a_name_from_right_to_left_stands_apart_in_its_sentence(cast: Cast):
    User.objects.filter(pk=cast.lena.pk).update(name=RIGHT_TO_LEFT)
    row = Section.objects.get(plan__municipality=cast.larkspur, key="vision")
    overwrite(
        row, by=cast.lena, body="Words", status="drafting", returned="No", returned_by=cast.lena, returned_at=MOMENT
    )
    html = signed_in(cast.ana).get("/larkspur/plan/vision/").content.decode()
    assert f"Returned by <bdi>{RIGHT_TO_LEFT}</bdi> on Nov 24, 2026" in html
    html = signed_in(cast.ana).get("/larkspur/plan/vision/revisions/").content.decode()
    assert f"The text as it stands is by <bdi>{RIGHT_TO_LEFT}</bdi>." in html
    assert [apart(name) for name in ("Ana Reyes", "<b>", "خطة <b>")] == ["Ana Reyes", "<b>", "<bdi>خطة &lt;b&gt;</bdi>"]


@pytest.mark.one_engine
def test_files_hold_hostile_content_as_words(filled: Cast, tmp_path: Path, fetched: list[str]):
    document = plan_document(filled.larkspur)
    papers = [tmp_path / f"{kind.name}.pdf" for kind in (PDF, BRIEF_PDF)]
    for kind, path in zip((PDF, BRIEF_PDF), papers, strict=True):
        path.write_bytes(kind.finished(document))
        with pikepdf.open(path) as pdf:
            assert active(pdf) == []
    assert pdfcheck.faults(*papers) == ""
    assert [url for url in fetched if "/pictures/" in url] != []

    # What is written from right to left arrives, and emoji: as themselves, on paper in words.
    with pypdfium2.PdfDocument(papers[0]) as pdf:
        printed = {word for page in pdf for word in re.findall(r"\w+", page.get_textpage().get_text_range())}
    for word in re.findall(r"\w+", RIGHT_TO_LEFT):
        assert printed & {word, word[::-1]}, word
    assert {"party", "popper"} <= printed
    for kind in (WORD, BRIEF_WORD, SLIDES):
        words = office_words(kind.finished(document))
        assert RIGHT_TO_LEFT in words, kind.name
        assert (EMOJI if kind is WORD else "[party popper]") in words, kind.name

    # The data say each text as it was typed.
    said = set(strings(json.loads(document.data)))
    for model in TOLD:
        for row in model.objects.all():
            told = [value for name, value in texts_of(row).items() if name not in UNTOLD.get(model, ())]
            assert [value[:80] for value in told if value and value not in said] == [], model


MOMENT = datetime.datetime(2026, 11, 24, 15, 30, tzinfo=datetime.UTC)
TOLD: tuple[Any, ...] = (
    *(Section, Finding, Engagement, Priority, StrategicAction, LogicItem, Measure, ProgressEntry, Action),
)
# What the team alone reads of a plan's rows.
UNTOLD: dict[Any, set[str]] = {Section: {"returned"}, Engagement: {"purpose"}, Action: {"how", "resources", "reason"}}


def texts_of(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in hostile.texts(type(row), "x")}


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def active(pdf: pikepdf.Pdf) -> list[str]:
    """What of a PDF would run, be opened or lead astray."""
    found = [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in pdf.Root]
    names: Any = pdf.Root.get("/Names", {})
    found += [str(name) for name in names if name not in ("/EmbeddedFiles", "/Dests")]
    found += [name for name in pdf.attachments if name != "plan.json"]
    for page in pdf.pages:
        notes: Any = page.get("/Annots", [])
        for note in notes:
            action = note.get("/A", {"/S": "/GoTo"})
            if action["/S"] not in ("/GoTo", "/URI"):
                found.append(str(action["/S"]))
            elif "/URI" in action and not is_safe_link(str(action["/URI"])):
                found.append(str(action["/URI"]))
    return found


def office_words(content: bytes) -> str:
    """The words of a Word file or of slides, in which nothing runs or leads astray."""
    words = []
    with ZipFile(io.BytesIO(content)) as file:
        assert [name for name in file.namelist() if re.search("embed|vba|altChunk|external", name, re.I)] == []
        for name in file.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            content = file.read(name)
            assert b"<!DOCTYPE" not in content
            tree: Any = parse_xml(content)
            for one in tree.iter("{*}Relationship"):
                assert one.get("TargetMode") != "External" or is_safe_link(one.get("Target")), one.get("Target")
            fields = [one.text or "" for one in tree.iter("{*}instrText")]
            assert [text for text in fields if MARK in text] == []
            words += [one.text or "" for one in tree.iter("{*}t")]
    return "".join(words)
