"""Pages that only a sent form, a link of somebody's own or a fault leads to: axe finds nothing on them either."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route

from accounts.models import User
from coalition import good_partner
from coalition.models import Meeting, Partner
from findings.models import Finding, Source
from municipalities.entries import add_entry
from municipalities.models import Municipality, Role
from municipalities.services import invite
from strategy.models import LogicItem, Measure, StrategicAction
from tests.conftest import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.one_engine, pytest.mark.django_db(transaction=True)]

ANA, BEN, LENA, OLAF = "ana@larkspur.example", "ben@larkspur.example", "lena@larkspur.example", "olaf@fairmont.example"
STEP = "/larkspur/readiness/steps/equity.1/"
LETTER = "/larkspur/plan/letter/"
DECISION = {
    "verdict": "prepare",
    "rationale": "Build up data first.",
    "name": "Lena Whitfield",
    "title": "County Executive",
}
TYPED = "Words that somebody typed and would be sad to lose."


def by(email: str) -> Client:
    return signed_in(User.objects.get(email=email))


def answer(client: Client, path: str, **values: object) -> str:
    return client.post(path, values).content.decode()


def decide(**more: object) -> str:
    lena = by(LENA)
    seen = lena.get("/larkspur/readiness/determination/").context["form"]["seen"].value()
    today = timezone.localdate().isoformat()
    values = {**DECISION, "seen": seen, "decided_on": today, **more}
    return answer(lena, "/larkspur/readiness/determination/", **values)


def beaten_to_it(path: str, **values: object) -> str:
    """What Ana gets who wrote in the version that Ben had seen too."""
    by(BEN).post(path, {"version": 1, **values})
    return answer(by(ANA), path, version=1, **{name: f"{TYPED} {name}" for name in values})


def conflict_on_the_roster() -> str:
    row = Partner.objects.filter(municipality__slug="larkspur").earliest("pk")
    path = f"/larkspur/coalition/partners/{row.pk}/request/"
    values = {"version": row.version, "status": row.status, "asked_by": row.asked_by, "offer": row.offer}
    by(BEN).post(path, {**values, "status": "declined", "ask": "Ben wrote this"})
    return answer(by(ANA), path, **values, ask="Ana wrote that")


def meeting_conflict() -> str:
    row = Meeting.objects.filter(municipality__slug="larkspur", starts__isnull=False).earliest("pk")
    path = f"/larkspur/coalition/meetings/{row.pk}/edit/"
    values = {"version": row.version, "title": row.title, "on": row.on.isoformat(), "starts": "", "ends": ""}
    by(BEN).post(path, {**values, "starts": "08:30", "ends": "09:00", "decisions": "Ben wrote this"})
    return answer(by(ANA), path, **{**values, "starts": "18:00", "ends": "19:15", "decisions": TYPED})


def finding_conflict() -> str:
    row = Finding.objects.filter(municipality__slug="fairmont").earliest("pk")
    path = f"/fairmont/findings/findings/{row.pk}/"
    add_entry(Source, municipality=row.municipality, values={"name": "A census"}, by=None)
    by("tomas@fairmont.example").post(path, {"version": row.version, "text": "Tomas wrote this"})
    return answer(by(OLAF), path, version=row.version, text=TYPED, dimensions=["power"])


def action_conflict() -> str:
    row = StrategicAction.objects.filter(municipality__slug="fairmont").earliest("pk")
    path = f"/fairmont/strategy/actions/{row.pk}/edit/"
    sent = {"version": row.version, "title": row.title, "priority_id": row.priority_id}
    by("tomas@fairmont.example").post(path, {**sent, "equity": "Tomas wrote this"})
    return answer(by(OLAF), path, **sent, equity=TYPED)


def measure_conflict() -> str:
    row = Measure.objects.filter(municipality__slug="fairmont", baseline__isnull=False).earliest("pk")
    path = f"/fairmont/strategy/measures/{row.pk}/edit/"
    sent = {"version": row.version, "name": row.name}
    by("tomas@fairmont.example").post(path, {**sent, "baseline": "1,250.5"})
    return answer(by(OLAF), path, **sent, baseline="4.1")


def line_refused() -> str:
    row = LogicItem.objects.filter(municipality__slug="fairmont").earliest("pk")
    return answer(by(OLAF), f"/fairmont/strategy/items/{row.pk}/", version=row.version, text="\u202e")


def lines_refused() -> str:
    row = StrategicAction.objects.filter(municipality__slug="fairmont").earliest("pk")
    return answer(by(OLAF), f"/fairmont/strategy/actions/{row.pk}/lines/", part="output", texts="x" * 301)


def waits_for_its_writer() -> str:
    lena, path = by(LENA), "/larkspur/plan/vision/"
    lena.post(path, {"version": lena.get(path).context["view"].row.version, "body": TYPED})
    lena.post(f"{path}status/", {"version": lena.get(path).context["view"].row.version, "status": "in_review"})
    return lena.get(path).content.decode()


def returned(comment: str) -> str:
    """The page after a return, or the page of one that did not come about."""
    lena, path = by(LENA), "/larkspur/plan/approach/"
    version = lena.get(path).context["view"].row.version
    if comment:
        lena.post(f"{path}return/", {"version": version, "comment": comment})
        return lena.get(path).content.decode()
    return answer(lena, f"{path}return/", version=version + 1, comment=TYPED)


def attendance_refused() -> str:
    row = Meeting.objects.filter(municipality__slug="larkspur").earliest("pk")
    return answer(by(ANA), f"/larkspur/coalition/meetings/{row.pk}/attendance/", guests="\u202e")


def removed_while_ana_wrote() -> str:
    row = Partner.objects.filter(municipality__slug="larkspur").latest("pk")
    by(BEN).post(f"/larkspur/coalition/partners/{row.pk}/remove/")
    return answer(by(ANA), f"/larkspur/coalition/partners/{row.pk}/edit/", version=1, name=TYPED)


def roster_with_faults() -> str:
    ana, file = by(ANA), SimpleUploadedFile("roster.csv", b"organization,sector\nAcme,circus\n")
    url = ana.post("/larkspur/coalition/files/", {"file": file})["Location"]
    return ana.get(f"{url}preview/").content.decode()


def no_roster() -> str:
    return answer(by(ANA), "/larkspur/coalition/files/", file=SimpleUploadedFile("roster.pdf", b"x"))


def promise_conflict() -> str:
    sent = {f"{statement.key}-version": 1 for statement in good_partner.load()}
    by(BEN).post("/larkspur/coalition/good-partner/", {**sent, "pay-kept": "no", "pay-note": "Ben was first"})
    return answer(by(ANA), "/larkspur/coalition/good-partner/", **sent, **{"pay-kept": "partly", "pay-note": TYPED})


def welcome(reader: str | None, email: str) -> str:
    place = Municipality.objects.get(slug="larkspur")
    inviter = User.objects.get(email=ANA)
    _, token = invite(municipality=place, email=email, role=Role.VIEWER, by=inviter)
    client = by(reader) if reader else Client()
    return client.get(f"/invitations/{token}/").content.decode()


def after_signing_in_again() -> str:
    client = by(ANA)
    client.get("/larkspur/")
    del client.cookies["session"]
    client.post(STEP, {"version": 1, "note": TYPED})
    client.force_login(User.objects.get(email=ANA))
    return client.get("/resume/").content.decode()


def no_access() -> str:
    return by("vera@larkspur.example").get("/larkspur/settings/invitations/").content.decode()


def out_of_date() -> str:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(email=ANA))
    return client.post(STEP, {"note": TYPED}, headers={"origin": "http://testserver"}).content.decode()


def fault(template: str) -> Callable[[], str]:
    return lambda: render_to_string(template, request=HttpRequest())


# name -> (what the page says, how it is reached)
STATES: dict[str, tuple[str, Callable[[], str]]] = {
    "determination repeated": ("Record determination", decide),
    "determination refused": ("This field is required", lambda: decide(rationale="")),
    "step refused": (TYPED, lambda: answer(by(ANA), STEP, version=1, note=TYPED, status="perhaps")),
    "step conflict": ("while you were writing", lambda: beaten_to_it(STEP, note="Ben was first")),
    "judgement refused": (
        "Write why",
        lambda: answer(by(ANA), "/larkspur/readiness/equity/judgement/", version=1, judged="partly", reason=""),
    ),
    "roster refused": ("This field is required", lambda: answer(by(ANA), "/larkspur/coalition/new/", sector="anchor")),
    "roster conflict": ("Ana wrote that", conflict_on_the_roster),
    "finding conflict": ("Tomas wrote this", finding_conflict),
    "action conflict": ("Tomas wrote this", action_conflict),
    "measure conflict": ("1250.5", measure_conflict),
    "line refused": ("hidden control character", line_refused),
    "lines refused": ("Line 1 is too long", lines_refused),
    "meeting conflict": ("8:30 a.m.", meeting_conflict),
    "meeting calendar": ("not shown again", lambda: answer(by(ANA), "/larkspur/coalition/calendars/")),
    "attendance refused": ("hidden control character", attendance_refused),
    "meeting refused": (
        "The end comes before",
        lambda: answer(
            by(ANA), "/larkspur/coalition/meetings/new/", title="x", on="2026-12-01", starts="10:00", ends="09:00"
        ),
    ),
    "partner gone": (TYPED, removed_while_ana_wrote),
    "roster with faults": ("Line 2: Sector", roster_with_faults),
    "no roster": ("Choose a file that ends in", no_roster),
    "promise conflict": ("Ben was first", promise_conflict),
    "section conflict": ("while you were writing", lambda: beaten_to_it(LETTER, body="Ben was first")),
    "section with one leader": ("two ways out", waits_for_its_writer),
    "section not returned": (TYPED, lambda: returned("")),
    "section returned": ("Returned by Lena", lambda: returned(TYPED)),
    "section approved meanwhile": (TYPED, lambda: answer(by(OLAF), "/fairmont/plan/approach/", version=1, body=TYPED)),
    "policy refused": (
        "The numbers must rise",
        lambda: answer(by(ANA), "/larkspur/readiness/policy/", proceed=2, prepare=3, version=1),
    ),
    "invitation refused": ("e-mail", lambda: answer(by(ANA), "/larkspur/settings/invitations/", email="nobody")),
    "invitation made": (
        "Invitation made",
        lambda: answer(
            by(ANA), "/larkspur/settings/invitations/", email="new@x.example", name="New", role="viewer", title=""
        ),
    ),
    "welcome to a new person": ("Create account and join", lambda: welcome(None, "new@x.example")),
    "welcome to a known person": ("Sign in to join", lambda: welcome(None, OLAF)),
    "welcome to its owner": ("Join Larkspur County", lambda: welcome(OLAF, OLAF)),
    "welcome to somebody else": ("Sign out and come back here", lambda: welcome(BEN, OLAF)),
    "signed in again": (TYPED, after_signing_in_again),
    "out of date": (TYPED, out_of_date),
    "no access": ("role", no_access),
    "sign-in refused": (
        "do not go together",
        lambda: answer(Client(), "/accounts/login/", login=ANA, password="wrong"),
    ),
    "400": ("", fault("400.html")),
    "429": ("", fault("429.html")),
    "500": ("", fault("500.html")),
}


@pytest.fixture
def show(sign_in) -> Callable[[str, int], Page]:
    """A page of the product's own address with this content."""

    def open_page(content: str, width: int) -> Page:
        page: Page = sign_in(None, width=width)

        def fulfill(route: Route) -> None:
            route.fulfill(status=200, content_type="text/html; charset=utf-8", body=content)

        page.route("**/state/", fulfill)
        page.goto("/state/")
        return page

    return open_page


def test_axe_finds_nothing_in_any_state_and_it_fits_a_phone(demo, show, axe):
    found: dict[str, list[str]] = {}
    for name, (words, reach) in STATES.items():
        content = reach()
        wrong = [] if words in content else [f"does not say: {words}"]
        page = show(content, 360)
        wrong += axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append("too wide at 320")
        page.context.close()
        if wrong:
            found[name] = wrong
    assert found == {}
