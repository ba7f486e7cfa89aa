"""The plan approved as a whole, made public, withdrawn; and what the public reads and says."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from documents.apart import Limit, RenderError, TooLargeError
from municipalities.models import Municipality, Role
from municipalities.records import overwrite
from plans import releases
from plans.finished import Kind
from plans.models import Feedback, FeedbackState, Plan, Release, ReleaseFrozenError, Section
from plans.outline import load
from plans.public import words
from plans.rules.progress import Status
from plans.services import move_section, write_section
from readiness.models import StepAnswer
from tests import factories
from tests.conftest import Cast, signed_in

URL = "/larkspur/plan/releases/"
PUBLIC = "/public/larkspur/"
BAD = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def quick(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is drawn elsewhere; here it is the document's title."""
    monkeypatch.setattr(Kind, "finished", lambda _self, document: f"%PDF {document.place}".encode())
    cache.clear()


def approve(
    place: Municipality, writer: User, leader: User, body: str = "Words of the plan", *, but: tuple[str, ...] = ()
) -> None:
    """Every section written by one and approved by the other, but for some."""
    for section in load():
        if section.key in but:
            continue
        version = 1
        if not section.generated:
            write_section(municipality=place, key=section.key, seen=1, values={"body": body}, by=writer)
        for status, by in ((Status.IN_REVIEW, writer), (Status.APPROVED, leader)):
            version = Section.objects.get(plan__municipality=place, key=section.key).version
            moved = move_section(
                municipality=place, key=section.key, seen=version, status=status, by=by, approves=by == leader
            )
            assert moved.refusal is None


@pytest.fixture
def ready(cast: Cast) -> Cast:
    approve(cast.larkspur, cast.ana, cast.lena)
    return cast


def seen(cast: Cast) -> str:
    return releases.release_page(cast.larkspur).seen


def released(cast: Cast, note: str = "") -> Release:
    return releases.release(municipality=cast.larkspur, note=note, seen=seen(cast), by=cast.lena)


def text(answer: Any) -> str:
    html: str = answer.content.decode()
    return html


# --- Releasing --------------------------------------------------------------------------------------------


def test_a_plan_with_an_open_section_is_not_released(cast: Cast):
    approve(cast.larkspur, cast.ana, cast.lena)
    row = Section.objects.get(plan__municipality=cast.larkspur, key="vision")
    move_section(
        municipality=cast.larkspur, key="vision", seen=row.version, status=Status.DRAFTING, by=cast.lena, approves=True
    )
    lena = signed_in(cast.lena)
    html = lena.get(URL).content.decode()
    assert "1 section is not approved yet" in html
    assert "Approve the plan and release it" not in html
    answer = lena.post(URL, {"seen": seen(cast), "note": "My words"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "My words" in answer.content.decode()
    assert not Release.objects.exists()


def test_leadership_releases_and_who_when_versions_and_fingerprint_are_kept(ready: Cast):
    lena = signed_in(ready.lena)
    assert lena.post(URL, {"seen": seen(ready), "note": "The first"}).status_code == HTTPStatus.FOUND
    row = Release.objects.get()
    assert (row.number, row.released_by, row.note) == (1, ready.lena, "The first")
    current = {one.key: one.version for one in Section.objects.filter(plan__municipality=ready.larkspur)}
    assert row.versions == current
    assert row.fingerprint == hashlib.sha256(row.data.encode() + b"%PDF Larkspur County").hexdigest()
    assert json.loads(row.data)["plan"]["approved"] is True
    html = lena.get(URL).content.decode()
    assert "Release 1 is public" in html
    assert row.fingerprint in html
    call_command("verify_release", "larkspur", "1")


def test_only_leadership_releases(ready: Cast):
    names = ("ana", "ben", "vera", "olaf")
    codes = {name: signed_in(ready[name]).post(URL, {"seen": seen(ready)}).status_code for name in names}
    assert codes == {"ana": 403, "ben": 403, "vera": 403, "olaf": 404}
    assert not Release.objects.exists()
    assert "Leadership approves the plan as a whole" in signed_in(ready.ana).get(URL).content.decode()


def test_a_plan_that_changed_since_it_was_seen_is_not_released(ready: Cast):
    before = seen(ready)
    row = Section.objects.get(plan__municipality=ready.larkspur, key="vision")
    mine: dict[str, Any] = {"municipality": ready.larkspur, "key": "vision", "approves": True}
    move_section(**mine, seen=row.version, status=Status.DRAFTING, by=ready.lena)
    move_section(**mine, seen=row.version + 1, status=Status.IN_REVIEW, by=ready.ana)
    move_section(**mine, seen=row.version + 2, status=Status.APPROVED, by=ready.lena)
    answer = signed_in(ready.lena).post(URL, {"seen": before})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "somebody changed it meanwhile" in answer.content.decode()
    assert not Release.objects.exists()


def test_a_plan_that_changes_while_its_pdf_is_made_is_not_released(ready: Cast, monkeypatch: pytest.MonkeyPatch):
    def slow(_kind: Kind, document: Any) -> bytes:
        factories.partner(ready.larkspur, name="Somebody new", listed=True)
        return b"%PDF"

    monkeypatch.setattr(Kind, "finished", slow)
    assert signed_in(ready.lena).post(URL, {"seen": seen(ready)}).status_code == HTTPStatus.CONFLICT
    assert not Release.objects.exists()


def test_a_pdf_that_cannot_be_made_stops_the_release(ready: Cast, monkeypatch: pytest.MonkeyPatch):
    def broken(_kind: Kind, document: Any) -> bytes:
        raise RenderError("no")

    monkeypatch.setattr(Kind, "finished", broken)
    answer = signed_in(ready.lena).post(URL, {"seen": seen(ready), "note": "Kept"})
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Kept" in answer.content.decode()
    assert not Release.objects.exists()


def test_a_plan_too_large_for_a_pdf_is_not_released_and_says_why(ready: Cast, monkeypatch: pytest.MonkeyPatch):
    def broken(_kind: Kind, document: Any) -> bytes:
        raise TooLargeError(Limit.TIME)

    monkeypatch.setattr(Kind, "finished", broken)
    answer = signed_in(ready.lena).post(URL, {"seen": seen(ready)})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "It would take too long to make. Shorten its longest table or text." in answer.content.decode()
    assert not Release.objects.exists()


@pytest.mark.parametrize("bad", [{}, {"seen": "x" * 1001}, {"seen": "x", "note": "n" * 1001}])
def test_a_bad_form_releases_nothing(ready: Cast, bad: dict[str, str]):
    assert signed_in(ready.lena).post(URL, bad).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Release.objects.exists()


def test_a_release_stays_what_it_was(ready: Cast):
    row = released(ready)
    row.title = "Another"
    with pytest.raises(ReleaseFrozenError):
        row.save()
    with pytest.raises(ReleaseFrozenError):
        row.delete()
    for act in (Release.objects.all().delete, lambda: Release.objects.update(title="Another")):
        with pytest.raises(ReleaseFrozenError):
            act()
    # What goes round the product is found.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plans_release SET data = data || ' '")
    with pytest.raises(CommandError, match="fingerprint differs"):
        call_command("verify_release", "larkspur", "1")
    with pytest.raises(CommandError, match="no release 7"):
        call_command("verify_release", "larkspur", "7")


def test_later_changes_leave_a_release_as_it_is(ready: Cast):
    released(ready)
    factories.partner(ready.larkspur, name="Somebody new", listed=True)
    second = released(ready, note="A partner more")
    assert second.number == 2
    first, now = (Client().get(f"{PUBLIC}{n}/plan.json").content.decode() for n in (1, 2))
    assert "Somebody new" not in first
    assert "Somebody new" in now


# --- The public -------------------------------------------------------------------------------------------


def test_everybody_reads_the_newest_release_its_files_and_the_earlier_ones(ready: Cast):
    released(ready)
    released(ready, note="Better words")
    reader = Client()
    html = reader.get(PUBLIC).content.decode()
    assert "Better words" in html
    assert "Words of the plan" in html
    assert "Larkspur County" in html
    assert reader.get(f"{PUBLIC}2/plan.pdf").content == b"%PDF Larkspur County"
    assert reader.get(f"{PUBLIC}2/plan.json").json()["format"] == "mobility-action-plan"
    earlier = reader.get(f"{PUBLIC}1/").content.decode()
    assert "There is a newer release of this plan." in earlier
    assert "There is a newer release" not in html
    # Nothing of who works on it, and nothing that asks for a sign-in.
    assert "ana@" not in html
    assert "/accounts/" not in html


def test_a_reader_who_has_a_file_is_told_so(ready: Cast):
    released(ready)
    first = Client().get(f"{PUBLIC}1/plan.pdf")
    again = Client().get(f"{PUBLIC}1/plan.pdf", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert Client().get(f"{PUBLIC}1/plan.json")["ETag"] != first["ETag"]


@pytest.mark.parametrize("path", ["", "1/", "1/plan.pdf", "1/plan.json", "7/", "7/plan.pdf", "1/pictures/1/"])
def test_what_is_not_published_is_not_there(cast: Cast, path: str):
    for place in ("larkspur", "nowhere"):
        answer = Client().get(f"/public/{place}/{path}")
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "This plan is not published" in answer.content.decode()
        assert "Este plan no" in Client().get(f"/public/{place}/{path}?lang=es").content.decode()


def test_a_withdrawn_release_is_gone_at_once_and_comes_back(ready: Cast):
    released(ready)
    released(ready)
    lena = signed_in(ready.lena)
    assert lena.post(f"{URL}2/withdraw/").status_code == HTTPStatus.FOUND
    assert [Client().get(f"{PUBLIC}2/{path}").status_code for path in ("", "plan.pdf", "plan.json")] == [404] * 3
    assert "There is a newer release" not in Client().get(PUBLIC).content.decode()
    assert "Withdrawn by Lena Whitfield" in lena.get(URL).content.decode()
    # The Advocate may too; a contributor and a reader may not.
    assert signed_in(ready.ana).post(f"{URL}1/withdraw/").status_code == HTTPStatus.FOUND
    assert Client().get(PUBLIC).status_code == HTTPStatus.NOT_FOUND
    assert "Nothing is public now" in lena.get(URL).content.decode()
    for name, code in (("ben", 403), ("vera", 403), ("olaf", 404)):
        assert signed_in(ready[name]).post(f"{URL}1/withdraw/", {"back": "1"}).status_code == code
    lena.post(f"{URL}1/withdraw/", {"back": "1"})
    assert Client().get(PUBLIC).status_code == HTTPStatus.OK
    row = Release.objects.get(number=1)
    assert row.reckoned == row.fingerprint
    # Who did what stands in the history.
    told = [(past.withdrawn, past.history_user) for past in row.publication.history.order_by("pk")]
    assert told == [(False, ready.lena), (True, ready.ana), (False, ready.lena)]
    assert lena.post(f"{URL}9/withdraw/").status_code == HTTPStatus.NOT_FOUND


def test_the_chrome_is_spanish_where_asked_and_the_plan_says_its_own_language(ready: Cast):
    released(ready)
    html = Client().get(f"{PUBLIC}?lang=es").content.decode()
    assert '<html lang="es">' in html
    assert "Díganos qué piensa" in html
    assert '<div lang="en">' in html
    assert '<html lang="en">' in Client().get(f"{PUBLIC}?lang=xx").content.decode()


def test_both_languages_say_the_same_things():
    assert words()["en"].keys() == words()["es"].keys()
    assert all(text.strip() for told in words().values() for text in told.values())


def test_hostile_words_of_a_plan_are_inert_in_public(cast: Cast):
    approve(cast.larkspur, cast.ana, cast.lena, body=f"{BAD} ![x](https://x.example/a.png) [y](javascript:alert(1))")
    row = Plan.objects.get(municipality=cast.larkspur)
    released(cast, note=BAD)
    html = Client().get(PUBLIC).content.decode()
    assert BAD not in html
    assert 'x.example/a.png"' not in html
    assert "javascript:" not in html.replace("[y](javascript:", "")
    assert row.title in html


def test_a_picture_of_a_release_is_public_and_others_are_not(cast: Cast):
    shown, hidden = factories.picture(cast.larkspur), factories.picture(cast.larkspur)
    approve(cast.larkspur, cast.ana, cast.lena, body=f"![The walk](image:{shown.pk})")
    released(cast)
    assert f'src="{PUBLIC}1/pictures/{shown.pk}/"' in Client().get(PUBLIC).content.decode()
    assert Client().get(f"{PUBLIC}1/pictures/{shown.pk}/").status_code == HTTPStatus.OK
    assert Client().get(f"{PUBLIC}1/pictures/{hidden.pk}/").status_code == HTTPStatus.NOT_FOUND
    # It stays for as long as a release shows it, even if no section does any more.
    lena = signed_in(cast.lena)
    for section in load():
        if not section.generated:
            row = Section.objects.get(plan__municipality=cast.larkspur, key=section.key)
            mine: dict[str, Any] = {"municipality": cast.larkspur, "key": section.key, "by": cast.lena}
            move_section(**mine, seen=row.version, status=Status.DRAFTING, approves=True)
            write_section(**mine, seen=row.version + 1, values={"body": "No picture"})
    url = f"/larkspur/plan/pictures/{shown.pk}/remove/"
    for answer in (lena.get(url), lena.post(url)):
        html = answer.content.decode()
        assert "It stands in these releases of the plan" in html
        assert "<li>Release 1</li>" in html
        assert ("Take it out" in html, ">Remove</button>" in html) == (False, False)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert Client().get(f"{PUBLIC}1/pictures/{shown.pk}/").status_code == HTTPStatus.OK


# --- Feedback ---------------------------------------------------------------------------------------------


def test_what_a_reader_says_waits_until_the_team_shows_it(ready: Cast):
    released(ready)
    reader = Client()
    answer = reader.post(f"{PUBLIC}1/", {"text": f"Good plan {BAD}", "name": "Rosa", "lang": "es"})
    assert answer["Location"] == f"{PUBLIC}1/?lang=es&thanks=1#feedback"
    assert "Gracias." in reader.get(answer["Location"]).content.decode()
    row = Feedback.objects.get()
    assert (row.state, row.name, row.language, row.updated_by) == ("waiting", "Rosa", "es", None)
    assert "Good plan" not in reader.get(PUBLIC).content.decode()
    ben = signed_in(ready.ben)
    html = ben.get(URL).content.decode()
    assert "Good plan" in html
    assert BAD not in html
    assert ben.post(f"/larkspur/plan/feedback/{row.pk}/", {"state": "shown"}).status_code == HTTPStatus.FOUND
    html = reader.get(PUBLIC).content.decode()
    assert "Good plan" in html
    assert BAD not in html
    ben.post(f"/larkspur/plan/feedback/{row.pk}/", {"state": "aside"})
    assert "Good plan" not in reader.get(PUBLIC).content.decode()
    row.refresh_from_db()
    assert (row.state, row.updated_by) == ("aside", ready.ben)


def test_who_may_judge_feedback(ready: Cast):
    row = releases.give_feedback(release=released(ready), name="", text="Hello", language="en")
    url = f"/larkspur/plan/feedback/{row.pk}/"
    codes = {n: signed_in(ready[n]).post(url, {"state": "shown"}).status_code for n in ("vera", "olaf")}
    assert codes == {"vera": 403, "olaf": 404}
    theirs = f"/fairmont/plan/feedback/{row.pk}/"
    assert signed_in(ready.olaf).post(theirs, {"state": "shown"}).status_code == HTTPStatus.NOT_FOUND
    assert signed_in(ready.ben).post(url, {"state": "burned"}).status_code == HTTPStatus.NOT_FOUND
    assert Feedback.objects.get().state == FeedbackState.WAITING


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": ""}, "Write what you would like to say."),
        ({"text": " … "}, "Write what you would like to say."),
        ({"text": "x" * 2001}, "2,000 characters"),
        ({"text": "a\u202eb"}, "hidden control character"),
        ({"text": "fine", "name": "a\u202eb"}, "hidden control character"),
        ({"text": "fine\x00"}, "hidden control character"),
        ({"text": "", "lang": "es"}, "Escriba lo que le gustaría decir."),
        ({"text": "x" * 2001, "lang": "es"}, "2,000 caracteres"),
    ],
)
def test_bad_feedback_gets_a_message_and_changes_nothing(ready: Cast, sent: dict[str, str], said: str):
    released(ready)
    answer = Client().post(f"{PUBLIC}1/", sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in answer.content.decode()
    assert not Feedback.objects.exists()


def test_a_robot_is_thanked_and_nothing_is_kept(ready: Cast):
    released(ready)
    sent = {"text": "Buy now", "website": "https://spam.example"}
    assert Client().post(f"{PUBLIC}1/", sent).status_code == HTTPStatus.FOUND
    assert not Feedback.objects.exists()


def test_one_connection_says_five_things_an_hour(ready: Cast):
    released(ready)
    codes = [Client().post(f"{PUBLIC}1/", {"text": f"Say {n}"}).status_code for n in range(6)]
    assert codes == [302] * 5 + [429]
    answer = Client().post(f"{PUBLIC}1/", {"text": "My long words"})
    assert "Please try again in an hour" in answer.content.decode()
    assert "My long words" in answer.content.decode()
    assert Feedback.objects.count() == 5
    elsewhere = Client().post(f"{PUBLIC}1/", {"text": "From elsewhere"}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == HTTPStatus.FOUND


def test_no_more_is_taken_where_too_much_waits(ready: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(releases, "WAITING_MOST", 1)
    released(ready)
    Client().post(f"{PUBLIC}1/", {"text": "First"})
    answer = Client().post(f"{PUBLIC}1/", {"text": "Second"})
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert Feedback.objects.count() == 1


def test_feedback_needs_its_token(ready: Cast):
    released(ready)
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"{PUBLIC}1/", {"text": "Forged"}).status_code == HTTPStatus.FORBIDDEN
    assert not Feedback.objects.exists()


def test_what_readers_say_is_shown_a_page_at_a_time_to_the_team_and_in_public(ready: Cast):
    row, lena = released(ready), signed_in(ready.lena)
    for n in range(releases.A_PAGE * 2 + 5):
        said = releases.give_feedback(release=row, name="", text=f"Word {n}.", language="en")
        if n % 2 == 0:
            releases.judge_feedback(municipality=ready.larkspur, pk=said.pk, state=FeedbackState.SHOWN, by=ready.ben)
    # The newest first: of 45, those of even numbers are shown and 22 wait.
    first, second = text(lena.get(URL)), text(lena.get(f"{URL}?page=2"))
    assert "22 wait to be read" in first
    assert "Word 43." in first
    assert "Word 1." not in first
    assert "Word 1." in second
    assert "Shown and set aside (23)" in first
    assert "Word 0." not in second
    older = text(lena.get(f"{URL}?read=2"))
    assert "Word 0." in older
    assert 'id="read" open' in older
    public = [text(Client().get(f"{PUBLIC}?page={n}&lang=es")) for n in (1, 2)]
    assert ["Word 44." in html for html in public] == [True, False]
    assert ["Word 0." in html for html in public] == [False, True]
    assert ["Anteriores" in html for html in public] == [True, False]
    # A page that there is not is the last one.
    assert "Word 1." in text(lena.get(f"{URL}?page=99"))


def test_a_release_that_would_say_the_same_is_no_main_thing_to_do(ready: Cast):
    lena, vera = signed_in(ready.lena), signed_in(ready.vera)
    assert "Nothing has changed" not in text(lena.get(URL))
    released(ready)
    for reader in (lena, vera):
        assert "Nothing has changed since release 1" in text(reader.get(URL))
    button = 'class="usa-button{}">Approve the plan and release it'
    assert button.format(" usa-button--outline") in text(lena.get(URL))
    # An answer of the readiness that stands in the plan's appendix, with every text as it was.
    step = StepAnswer.objects.get(round__municipality=ready.larkspur, key="leadership.1")
    overwrite(step, by=ready.ana, status="under_way")
    assert "Release it anew" in text(lena.get(URL))
    assert button.format("") in text(lena.get(URL))
    overwrite(step, by=ready.ana, status="")
    releases.withdraw(municipality=ready.larkspur, number=1, back=False, by=ready.lena)
    assert "Nothing has changed" not in text(lena.get(URL))


# --- Queries ----------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(ready: Cast, django_assert_num_queries: DjangoAssertNumQueries):
    lena, reader = signed_in(ready.lena), Client()
    factories.member(ready.larkspur, "Dora Hill", Role.LEADERSHIP)

    def count() -> None:
        # Half of them ask whether the plan would say what it says in public already.
        with django_assert_num_queries(41):
            lena.get(URL)
        with django_assert_num_queries(4):
            reader.get(PUBLIC)

    first = releases.give_feedback(release=released(ready), name="", text="Hello", language="en")
    releases.give_feedback(release=Release.objects.get(), name="", text="Hello again", language="en")
    releases.judge_feedback(municipality=ready.larkspur, pk=first.pk, state=FeedbackState.SHOWN, by=ready.ben)
    lena.get(URL)
    count()
    for n in range(6):
        row = releases.give_feedback(release=released(ready), name="", text=f"Say {n}", language="en")
        releases.judge_feedback(municipality=ready.larkspur, pk=row.pk, state=FeedbackState.SHOWN, by=ready.ben)
    count()
