"""Every address of the product, walked: who is let in, what the answer carries, and that no town shows another's."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from coalition.exchange.table import read
from coalition.exchange.uploads import keep
from coalition.export import printed as printed_roster
from coalition.export import sheet
from coalition.models import (
    Attendance,
    Contact,
    FollowUp,
    GroupMember,
    Meeting,
    Merge,
    Partner,
    Person,
    Promise,
    WorkingGroup,
)
from coalition.services import (
    add_follow_up,
    add_group,
    add_meeting,
    add_person,
    join_group,
    log_contact,
    merge_people,
    open_meeting_feed,
)
from comments.models import Comment
from comments.services import post
from documents.pdf import composed
from findings.models import Finding
from launch.export import document as launch_document
from municipalities.entries import add_entry
from municipalities.models import Invitation, Membership, Role
from municipalities.services import invite
from plans import discussion, finished
from plans.export import brief
from plans.exports import ask
from plans.models import Acceptance, Feedback, Passage, Picture, Release
from plans.releases import give_feedback
from plans.services import accept
from plans.services import comment as comment_on_plan
from preparedness.models import Action
from preparedness.services import add_action, open_feed
from pulse.models import Survey
from pulse.services import open_survey
from readiness import services
from readiness.export import memo, printed
from readiness.models import Evidence, Round
from strategy import services as strategy
from strategy.models import LogicItem, Measure, Part, Priority, ProgressEntry, StrategicAction
from sustain.export import files as sustain_files
from sustain.models import AnnualReport, Handover, Win
from sustain.services import begin_report, write_handover
from tests import factories
from tests.conftest import Cast, signed_in

# Addresses that need no sign-in, and no others.
OPEN = {
    "/livez",
    "/readyz",
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/<uidb36>-<key>/",
    "/invitations/<token>/",
    "/calendar/<token>.ics",
    "/calendar/meetings/<token>.ics",
    "/survey/<token>/",
    "/survey/thanks/",
    "/public/plan.schema.json",
    "/public/<slug>/",
    "/public/<slug>/<number>/",
    "/public/<slug>/<number>/plan.pdf",
    "/public/<slug>/<number>/plan.json",
    "/public/<slug>/<number>/pictures/<pk>/",
}
# Where everybody sets what concerns them alone.
OWN = {
    "/<slug>/tasks/",
    "/<slug>/preparedness/feeds/",
    "/<slug>/preparedness/feeds/<pk>/revoke/",
    "/<slug>/coalition/calendars/",
    "/<slug>/coalition/calendars/<pk>/revoke/",
    "/<slug>/plan/exports/<pk>/stop/",
    "/<slug>/plan/exports/<pk>/mail/",
}
# Words that stand in Larkspur's rows and nowhere else.
MARKER = "Zanzibarium"


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every address of the product with the names of its parts: `/<slug>/coalition/<pk>/`."""
    for found in get_resolver().url_patterns if patterns is None else patterns:
        route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(found.pattern)).lstrip("^").rstrip("$")
        route = before + re.sub(r"<\w+:(\w+)>", r"<\1>", route)
        if isinstance(found, URLResolver):
            yield from routes(found.url_patterns, route)
        else:
            yield route


ROUTES = sorted(routes())
TOWN = [route for route in ROUTES if route.startswith("/<slug>/")]


def test_the_walk_knows_the_product():
    assert {
        "/<slug>/",
        "/<slug>/readiness/steps/<key>/",
        "/<slug>/coalition/partners/<pk>/",
        "/<slug>/plan/export.pdf",
    } <= set(TOWN)
    assert set(ROUTES) >= OPEN


@pytest.fixture(autouse=True)
def readable_pdfs(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    """A document is answered as the HTML that it is drawn from: its words can be looked for, and drawing takes long."""
    settings.EXPORT_CACHE_DIR = tmp_path / "exports"
    for module in (finished, brief, launch_document, memo, printed, printed_roster, sheet, sustain_files):
        monkeypatch.setattr(module, "render_pdf", lambda html, *_more: composed(html).encode())


def coalition_ids(cast: Cast) -> dict[str, dict[str, object]]:
    """The parts of the coalition's addresses."""
    partner = factories.partner(cast.larkspur, name=MARKER)
    person = add_person(municipality=cast.larkspur, partner=partner.pk, values={"name": MARKER}, by=cast.ana)
    said = {"on": "2026-11-02", "text": MARKER}
    contact = log_contact(municipality=cast.larkspur, partner=partner.pk, values=said, by=cast.ana)
    group = add_group(municipality=cast.larkspur, values={"name": MARKER}, by=cast.ana)
    seated = join_group(municipality=cast.larkspur, group=group.pk, person=person.pk, by=cast.ana)
    planned = {"title": MARKER, "on": datetime.date(2026, 11, 30)}
    meeting = add_meeting(municipality=cast.larkspur, group=group.pk, values=planned, by=cast.ana)
    twin = add_person(municipality=cast.larkspur, partner=partner.pk, values={"name": MARKER}, by=cast.ana)
    joined = merge_people(municipality=cast.larkspur, kept=person.pk, gone=twin.pk, by=cast.ana)
    calendar, _address = open_meeting_feed(municipality=cast.larkspur, user=cast.ana, group=group.pk)
    task = {"text": MARKER, "owner": MARKER}
    follow_up = add_follow_up(municipality=cast.larkspur, meeting=meeting.pk, values=task, by=cast.ana)
    roster = read("roster.csv", f"organization,sector\n{MARKER},faith\n".encode())
    upload = keep(municipality=cast.larkspur, user=cast.ana, name=MARKER, table=roster)
    return {
        "partners": {"pk": partner.pk, "kind": "txt"},
        "groups": {"pk": group.pk},
        "seats": {"pk": seated.pk},
        "calendars": {"pk": calendar.pk},
        "duplicates": {"kind": "person", "kept": person.pk, "gone": partner.people.exclude(pk=person.pk).get().pk},
        "merges": {"pk": joined.pk},
        "meetings": {"pk": meeting.pk},
        "follow-ups": {"pk": follow_up.pk},
        "files": {"kind": "csv"},
        "imports": {"pk": upload.pk},
        "people": {"pk": person.pk},
        "contacts": {"pk": contact.pk},
        "coalition": {"pk": partner.pk, "entry": Partner.history.filter(id=partner.pk).latest().pk},
    }


def strategy_ids(cast: Cast) -> dict[str, dict[str, object]]:
    """The parts of the addresses of priorities, actions and measures."""
    place, by = cast.larkspur, cast.ana
    priority = strategy.add_priority(municipality=place, values={"title": MARKER}, by=by)
    values = {"title": MARKER, "priority_id": priority.pk}
    action = strategy.add_action(municipality=place, values=values, by=by)
    [item] = strategy.add_items(municipality=place, action=action.pk, part=Part.OUTPUT, texts=[MARKER], by=by)
    measure = strategy.add_measure(municipality=place, item=item.pk, values={"name": MARKER}, by=by)
    said = {"on": datetime.date(2026, 11, 2), "value": Decimal(1), "note": MARKER}
    entry = strategy.add_progress(municipality=place, measure=measure.pk, values=said, by=by)
    return {
        "priorities": {"pk": priority.pk},
        "items": {"pk": item.pk},
        "measures": {"pk": measure.pk},
        "progress": {"pk": entry.pk},
        "strategy": {"kind": "actions", "pk": action.pk},
    }


def sustain_ids(cast: Cast) -> dict[str, dict[str, object]]:
    """The parts of the addresses of wins and reports."""
    place, by, day = cast.larkspur, cast.ana, datetime.date(2026, 11, 2)
    win = add_entry(Win, municipality=place, values={"what": MARKER, "on": day, "public": True}, by=by)
    year = {"starts_on": datetime.date(2026, 1, 1), "ends_on": datetime.date(2026, 12, 31), "summary": MARKER}
    write_handover(municipality=place, seen=1, values={"know": MARKER}, by=by)
    report = begin_report(municipality=place, values=year, by=by)
    return {"wins": {"pk": win.pk}, "reports": {"pk": report.pk}}


@pytest.fixture
def ids(cast: Cast) -> dict[str, dict[str, object]]:
    """What the parts of an address are called in Larkspur, whose every text holds the marker."""
    round_ = Round.objects.get(municipality=cast.larkspur)
    values = {"note": MARKER, "status": "under_way"}
    services.record_step(round_=round_, key="leadership.1", seen=1, values=values, by=cast.ana)
    shown = services.add_link(round_=round_, key="leadership.1", text=MARKER, by=cast.ana)
    subject = "round-1/leadership.1"
    comment = post(municipality=cast.larkspur, by=cast.ana, subject=subject, text=MARKER, link="")
    passage = comment_on_plan(municipality=cast.larkspur, key="summary", known_as="", text=MARKER, by=cast.ana)
    said = Comment.objects.get(subject=discussion.subject(passage))
    survey = open_survey(municipality=cast.larkspur, by=cast.ana)
    action = add_action(municipality=cast.larkspur, values={"title": MARKER}, by=cast.ana)
    feed, _secret = open_feed(municipality=cast.larkspur, user=cast.ana, mine_only=True)
    invitation, _ = invite(
        municipality=cast.larkspur, email=f"{MARKER}@x.example".lower(), role=Role.VIEWER, by=cast.ana
    )
    finding = add_entry(Finding, municipality=cast.larkspur, values={"text": MARKER}, by=cast.ana)
    release = factories.release(cast.larkspur, cast.lena)
    opinion = give_feedback(release=release, name=MARKER, text=MARKER, language="en")
    accepted = accept(municipality=cast.larkspur, code="none", subject="", reason=MARKER, by=cast.ana)
    return {
        **coalition_ids(cast),
        "members": {"pk": Membership.objects.get(user=cast.ben).pk},
        "invitations": {"pk": invitation.pk},
        "steps": {"key": "leadership.1"},
        "evidence": {"pk": shown.pk},
        "preparedness": {"pk": action.pk},
        "pulse": {"pk": survey.pk},
        "readings": {"key": "leadership.1"},
        "comments": {"pk": comment.pk, "key": "leadership.1"},
        "plan/comments": {"pk": said.pk},
        "threads": {"pk": passage.pk},
        "feeds": {"pk": feed.pk},
        "readiness": {"key": "leadership", "number": 1, "kind": "pdf"},
        "launch": {"key": "lead", "number": 1},
        "findings": {"kind": "findings", "pk": finding.pk},
        **strategy_ids(cast),
        **sustain_ids(cast),
        "checks": {"pk": accepted.pk},
        "feedback": {"pk": opinion.pk},
        "releases": {"number": 1},
        "public": {"number": 1, "pk": 1},
        "exports": {"pk": ask(municipality=cast.larkspur, kind=finished.PDF, known_as=MARKER, by=cast.ana).pk},
        "pictures": {"pk": factories.picture(cast.larkspur, MARKER).pk, "key": "summary"},
        "plan": {"key": "summary"},
    }


def address(route: str, ids: dict[str, dict[str, object]], slug: str = "larkspur") -> str:
    """`route` with its parts filled in; fails for a part that nobody has named, so that no new page escapes."""
    place = next(
        (
            room
            for room in (
                "meetings",
                "follow-ups",
                "duplicates",
                "merges",
                "seats",
                "calendars",
                "groups",
                "partners",
                "files",
                "imports",
                "people",
                "contacts",
                "members",
                "invitations",
                "steps",
                "evidence",
                "feeds",
                "pulse",
                "plan/comments",
                "comments",
                "readings",
                "priorities",
                "checks",
                "feedback",
                "releases",
                "exports",
                "public",
                "items",
                "measures",
                "progress",
                *ids,
            )
            if f"/{room}/" in route
        ),
        "",
    )
    values = {**ids.get(place, {}), "slug": slug, "token": "nothing", "uidb36": "1", "key": "x"} | ids.get(place, {})
    return re.sub(r"<(\w+)>", lambda part: str(values[part[1]]), route)


@pytest.mark.one_engine
def test_a_sign_in_is_asked_for_everywhere_but_at_the_named_addresses(cast: Cast, ids: dict):
    unasked = set()
    for route in ROUTES:
        for method in ("get", "post"):
            response = getattr(Client(), method)(address(route, ids))
            if not (response.status_code == 302 and response["Location"].startswith("/accounts/login/")):
                unasked.add(route)
    assert unasked - {"/accounts/logout/"} == OPEN - {"/accounts/logout/"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_none_of_a_towns_addresses(cast: Cast, ids: dict, method: str):
    olaf, ana = signed_in(cast.olaf), signed_in(cast.ana)
    codes = {route: getattr(olaf, method)(address(route, ids)).status_code for route in TOWN}
    assert {route: code for route, code in codes.items() if code not in (404, 405)} == {}
    # Only a wrong method is told apart, and it is told before anything is looked up.
    wrong = {route for route, code in codes.items() if code == 405}
    assert wrong == {r for r in wrong if getattr(ana, method)(address(r, ids)).status_code == 405}


def test_an_unknown_town_looks_like_anothers(cast: Cast, ids: dict):
    olaf = signed_in(cast.olaf)
    for route in TOWN:
        other, none = olaf.get(address(route, ids)), olaf.get(address(route, ids, slug="nowhere"))
        assert (none.status_code, len(none.content)) == (other.status_code, len(other.content)), route


def test_the_numbers_of_another_towns_rows_lead_nowhere_in_ones_own(cast: Cast, ids: dict):
    olaf = signed_in(cast.olaf)
    for route in TOWN:
        if re.search("<pk>|<entry>|<kept>|<number>/withdraw", route):
            url = address(route, ids, slug="fairmont")
            assert {olaf.get(url).status_code, olaf.post(url, {"version": 1}).status_code} <= {404, 405}, route
    assert Partner.objects.filter(municipality=cast.larkspur).count() == 1
    assert Invitation.objects.usable().filter(municipality=cast.larkspur).count() == 1


def test_no_page_of_ones_own_town_holds_a_word_of_another(cast: Cast, ids: dict):
    olaf = signed_in(cast.olaf)
    for route in TOWN:
        if not re.search("<pk>|<entry>|<kept>|<number>/withdraw", route):
            page = olaf.get(address(route, ids, slug="fairmont"))
            assert MARKER.lower() not in page.content.decode("latin-1").lower(), route
    assert MARKER in signed_in(cast.ana).get("/larkspur/coalition/").content.decode()


def rows(cast: Cast) -> tuple[int, ...]:
    """How much is stored, and how much has been written about it."""
    round_ = Round.objects.get(municipality=cast.larkspur)
    return (
        Partner.objects.count(),
        *(kind.history.count() for kind in (Partner, Person, Contact, Promise)),
        *(kind.history.count() for kind in (WorkingGroup, GroupMember, Meeting, Attendance, FollowUp)),
        Merge.objects.filter(undone_at=None).count(),
        Membership.history.count(),
        Invitation.objects.usable().count(),
        Evidence.history.count(),
        Action.history.count(),
        Finding.history.count(),
        Acceptance.history.count(),
        Feedback.history.count(),
        Release.objects.standing().count(),
        *(kind.history.count() for kind in (Priority, StrategicAction, LogicItem, Measure, ProgressEntry)),
        *(kind.history.count() for kind in (Win, AnnualReport, Handover)),
        Picture.history.count(),
        Passage.history.count(),
        Survey.objects.open().count(),
        Comment.history.count(),
        sum(answer.version for answer in (*round_.steps.all(), *round_.conditions.all())),
        sum(section.version for section in cast.larkspur.plan.sections.all()),
    )


def test_looking_changes_nothing(cast: Cast, ids: dict):
    before = rows(cast)
    for client in [signed_in(cast[name]) for name in ("ana", "lena", "vera")]:
        for route in TOWN:
            assert client.get(address(route, ids)).status_code in (200, 302, 403, 404, 405), route
    assert rows(cast) == before


def test_a_viewer_can_write_nowhere(cast: Cast, ids: dict):
    before = rows(cast)
    shared, vera = [route for route in TOWN if route not in OWN], signed_in(cast.vera)
    codes = {route: vera.post(address(route, ids), {"version": 1}).status_code for route in shared}
    assert {route: code for route, code in codes.items() if code not in (403, 405)} == {}
    assert rows(cast) == before


@pytest.mark.one_engine
def test_every_answer_carries_the_headers_of_safety(cast: Cast, ids: dict):
    ana = signed_in(cast.ana)
    # Signing out comes last, or every answer after it were the same.
    for route in sorted(ROUTES, key=lambda route: "logout" in route):
        response = ana.get(address(route, ids))
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, route
        assert "unsafe" not in policy, route
        assert "frame-ancestors 'none'" in policy, route
        assert response["X-Content-Type-Options"] == "nosniff", route
        assert response["X-Frame-Options"] == "DENY", route
        assert response["Referrer-Policy"] in ("same-origin", "strict-origin"), route


@pytest.mark.one_engine
def test_a_form_without_its_token_is_refused(cast: Cast, ids: dict):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ana)
    for route in TOWN:
        assert client.post(address(route, ids), {"version": 1}).status_code in (403, 405), route
