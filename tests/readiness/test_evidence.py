"""Evidence beside the steps: brought, verified by another, taken away, handed out, and frozen with the round."""

import datetime
import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.utils import timezone

from documents import uploads
from readiness import queries, services
from readiness.models import Evidence, Round, StepAnswer
from tests.conftest import Cast, signed_in
from tests.documents.test_uploads import MACHINE, PDF

PAGE = "/larkspur/readiness/leadership/"
ADD = "/larkspur/readiness/steps/leadership.1/evidence/"


@pytest.fixture(autouse=True)
def shelf(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


def file(name: str = "memo.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def round_of(cast: Cast) -> Round:
    return Round.objects.filter(municipality=cast.larkspur).latest("number")


def decide(cast: Cast) -> None:
    day = timezone.localdate() - datetime.timedelta(days=1)
    decision = services.Decision("prepare", "Not yet.", "Lena", "Mayor", day)
    services.record_determination(round_=round_of(cast), decision=decision, by=cast.lena)


def only() -> Evidence:
    row: Evidence = Evidence.objects.select_related("step").get()
    return row


def on(shelf: Path) -> list[bytes]:
    return [path.read_bytes() for path in shelf.glob("*")] if shelf.exists() else []


def test_a_link_stands_beside_its_step_with_who_brought_it(cast: Cast, ben: Client):
    response = ben.post(ADD, {"text": "  https://larkspur.example/memo "})
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}#leadership-1-evidence")
    row = only()
    assert (row.step.key, row.text, row.added_by, row.updated_by) == (
        "leadership.1", "https://larkspur.example/memo", cast.ben, cast.ben,
    )  # fmt: skip
    page = ben.get(PAGE).content.decode()
    assert '<a href="https://larkspur.example/memo" rel="noopener nofollow">' in page
    assert "Added by Ben Carter" in page


def test_a_file_is_kept_under_a_random_name_and_handed_out_as_an_attachment(cast: Cast, ben: Client, shelf: Path):
    ben.post(ADD, {"text": "What the board saw", "file": file('Zoë "memo".pdf')})
    row = only()
    assert (row.name, row.size, row.text) == ('Zoë "memo".pdf', len(PDF), "What the board saw")
    assert on(shelf) == [PDF]
    assert str(row.file.name) not in ben.get(PAGE).content.decode()
    response = signed_in(cast.vera).get(f"/larkspur/readiness/evidence/{row.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Zo%C3%AB%20%22memo%22.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"


def test_another_towns_file_cannot_be_had_by_its_number(cast: Cast, ben: Client, olaf: Client):
    ben.post(ADD, {"file": file()})
    for slug in ("larkspur", "fairmont"):
        assert olaf.get(f"/{slug}/readiness/evidence/{only().pk}/").status_code == 404


def test_what_is_not_there_is_a_page_that_says_so(cast: Cast, ben: Client, shelf: Path):
    ben.post(ADD, {"text": "A memo"})
    assert ben.get(f"/larkspur/readiness/evidence/{only().pk}/").status_code == 404
    ben.post(f"/larkspur/readiness/evidence/{only().pk}/remove/")
    ben.post(ADD, {"file": file()})
    next(shelf.glob("*")).unlink()
    assert ben.get(f"/larkspur/readiness/evidence/{only().pk}/").status_code == 404


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, "Give a link, the name of a document, or a file."),
        ({"text": "   "}, "Give a link, the name of a document, or a file."),
        ({"text": "x" * 2001}, "Ensure this value has at most 2000 characters"),
        ({"text": "a\x00b"}, "Take out the hidden control character"),
        ({"text": "File: memo.pdf"}, "Begin with another word than “file:”"),
        ({"text": "Kept words", "file": ("a.exe", MACHINE)}, "Choose a PDF, a Word or Excel file"),
        ({"text": "Kept words", "file": ("a.pdf", MACHINE)}, "This file is not what its name says"),
        ({"text": "Kept words", "file": ("a.pdf", b"")}, "This file is empty."),
    ],
)
def test_what_cannot_be_evidence_is_refused_with_its_words(
    cast: Cast, ben: Client, shelf: Path, sent: dict, problem: str
):
    if "file" in sent:
        sent = {**sent, "file": file(*sent["file"])}
    response = ben.post(ADD, sent)
    page = response.content.decode()
    assert (response.status_code, Evidence.objects.count(), on(shelf)) == (422, 0, [])
    assert problem in page
    if sent.get("text") == "Kept words":
        assert 'value="Kept words"' in page


def test_a_file_beyond_the_limit_is_dropped_on_its_way(
    cast: Cast, ben: Client, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "MAX_BYTES", 100_000)
    response = ben.post(ADD, {"text": "Kept words", "file": file("a.txt", b"x" * 100_001)})
    assert (response.status_code, on(shelf)) == (422, [])
    assert "larger than 20 MB" in response.content.decode()
    assert 'value="Kept words"' in response.content.decode()


def test_another_verifies_it_by_name_and_date_and_may_take_that_back(cast: Cast, ana: Client, ben: Client):
    ben.post(ADD, {"text": "A memo"})
    verify = f"/larkspur/readiness/evidence/{only().pk}/verify/"
    assert "Somebody else than you" in ben.post(verify, follow=True).content.decode()
    assert only().verified_by is None
    ana.post(verify)
    assert (only().verified_by, timezone.localdate(only().verified_at)) == (cast.ana, timezone.localdate())
    assert "verified by Ana Reyes" in ben.get(PAGE).content.decode()
    ben.post(verify, {"undo": ""})
    assert (only().verified_by, only().verified_at) == (None, None)
    assert [(h.history_user, h.verified_by) for h in Evidence.history.all()] == [
        (cast.ben, None), (cast.ana, cast.ana), (cast.ben, None),
    ]  # fmt: skip


def test_removing_asks_once_more_and_takes_the_file_away(cast: Cast, ben: Client, shelf: Path):
    ben.post(ADD, {"file": file()})
    url = f"/larkspur/readiness/evidence/{only().pk}/remove/"
    assert "Remove this evidence?" in ben.get(url).content.decode()
    assert Evidence.objects.count() == 1
    with_commit(ben, url)
    assert (Evidence.objects.count(), on(shelf)) == (0, [])
    assert Evidence.history.latest().history_type == "-"


def with_commit(client: Client, url: str) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(url)


def test_a_new_round_shows_the_same_evidence_and_a_file_stays_while_one_of_them_does(
    cast: Cast, ben: Client, ana: Client, shelf: Path
):
    ben.post(ADD, {"file": file()})
    ana.post(f"/larkspur/readiness/evidence/{only().pk}/verify/")
    decide(cast)
    services.start_round(municipality=cast.larkspur, by=cast.ana)
    old, new = Evidence.objects.order_by("pk")
    for name in ("text", "file", "name", "size", "sha256", "added_by", "added_at", "verified_by", "verified_at"):
        assert getattr(old, name) == getattr(new, name), name
    assert (new.step.round.number, new.step.key) == (2, "leadership.1")
    with_commit(ben, f"/larkspur/readiness/evidence/{new.pk}/remove/")
    assert on(shelf) == [PDF]
    response = ben.get(f"/larkspur/readiness/evidence/{old.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]


def test_a_frozen_round_takes_and_loses_nothing(cast: Cast, ana: Client, ben: Client, shelf: Path):
    ben.post(ADD, {"file": file()})
    decide(cast)
    pk = only().pk
    tries = {
        ADD: {"text": "Late", "file": file("late.pdf")},
        f"/larkspur/readiness/evidence/{pk}/verify/": {},
        f"/larkspur/readiness/evidence/{pk}/remove/": {},
    }
    for url, sent in tries.items():
        assert "cannot be changed any more" in ana.post(url, sent, follow=True).content.decode(), url
    assert (Evidence.history.count(), on(shelf)) == (1, [PDF])
    for write in (services.verify, services.unverify, services.remove_evidence):
        with pytest.raises(services.RoundFrozenError):
            write(round_=round_of(cast), pk=pk, by=cast.ana)


def test_a_file_whose_row_cannot_be_stored_leaves_nothing_behind(
    cast: Cast, shelf: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("readiness.services.evidence.add", fail)
    taken = uploads.check("memo.pdf", io.BytesIO(PDF))
    with pytest.raises(RuntimeError):
        services.add_file(round_=round_of(cast), key="leadership.1", text="", file=file(), checked=taken, by=cast.ben)
    assert on(shelf) == []


@pytest.mark.parametrize(("name", "status"), [("ana", 302), ("ben", 302), ("lena", 302), ("vera", 403), ("olaf", 404)])
def test_who_may_bring_verify_and_remove(cast: Cast, name: str, status: int):
    row = services.add_link(round_=round_of(cast), key="leadership.1", text="A memo", by=None)
    client = signed_in(cast[name])
    urls = [ADD, *(f"/larkspur/readiness/evidence/{row.pk}/{part}/" for part in ("verify", "remove"))]
    assert [client.post(url, {"text": "x"}).status_code for url in urls] == [status] * 3
    assert client.get(urls[0]).status_code == 405
    if status != 404:
        assert client.post(urls[2].replace(str(row.pk), "999999")).status_code == (403 if status == 403 else 404)
    assert client.post("/larkspur/readiness/steps/leadership.99/evidence/", {"text": "x"}).status_code in (403, 404)


def test_a_step_in_place_is_claimed_then_evidenced_then_verified(cast: Cast):
    step = StepAnswer.objects.get(round=round_of(cast), key="leadership.1")

    def now() -> tuple[bool, bool, bool, int, int]:
        found = queries.assessment(cast.larkspur)
        view = found.condition("leadership").steps[0]
        return view.claimed, view.evidenced, view.verified, found.claimed, found.evidenced

    assert now() == (False, False, False, 0, 0)
    services.record_step(round_=step.round, key=step.key, seen=1, values={"status": "in_place"}, by=cast.ben)
    assert now() == (True, False, False, 1, 0)
    row = services.add_link(round_=step.round, key=step.key, text="A memo", by=cast.ben)
    assert now() == (False, True, False, 0, 1)
    services.verify(round_=step.round, pk=row.pk, by=cast.ana)
    assert now() == (False, True, True, 0, 1)


@pytest.mark.parametrize("size", [3, 300])
def test_the_pages_ask_as_much_whatever_is_beside_the_steps(
    cast: Cast, ben: Client, django_assert_num_queries, size: int
):
    step = StepAnswer.objects.get(round=round_of(cast), key="leadership.1")
    Evidence.objects.bulk_create(
        [Evidence(step=step, text=f"Memo {n}", added_by=cast.ana).signed(cast.ana) for n in range(size)]
    )
    with django_assert_num_queries(10):
        assert ben.get(PAGE).content.decode().count("Added by Ana Reyes") == size
    with django_assert_num_queries(8):
        ben.get("/larkspur/readiness/")
