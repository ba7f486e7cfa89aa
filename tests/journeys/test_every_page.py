"""Every page of the demo, as its people see it: axe finds nothing, and nothing is lost on a narrow or zoomed screen."""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from accounts.models import User
from coalition.exchange.table import read
from coalition.exchange.uploads import keep
from coalition.models import FollowUp, Meeting, Partner, Person, WorkingGroup
from comments.models import Comment
from findings.models import Finding
from municipalities.models import Membership, Municipality
from plans.models import FeedbackState, Release
from plans.releases import give_feedback, judge_feedback
from preparedness.models import Action
from pulse.models import Survey
from readiness.models import Evidence
from strategy.models import LogicItem, Priority, ProgressEntry, StrategicAction
from sustain.models import AnnualReport, Win
from tests import factories
from tests.journeys.conftest import all_saved

pytestmark = [pytest.mark.journey, pytest.mark.one_engine, pytest.mark.django_db(transaction=True)]

ANA, LENA, VERA, OLAF = (
    "ana@larkspur.example",
    "lena@larkspur.example",
    "vera@larkspur.example",
    "olaf@fairmont.example",
)
PAGES = {
    None: [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/signup/",
        "/accounts/inactive/",
        "/accounts/password/reset/key/done/",
        "/accounts/password/reset/key/1-nothing/",
        "/invitations/nothing/",
        "/survey/{survey}/",
        "/survey/{survey}/?lang=es",
        "/survey/thanks/?lang=es",
        "/survey/nothing/",
        "/public/fairmont/",
        "/public/fairmont/?lang=es",
        "/public/fairmont/1/",
        "/public/nowhere/",
    ],
    ANA: [
        "/larkspur/",
        "/help/",
        "/larkspur/tasks/",
        "/larkspur/readiness/",
        "/larkspur/readiness/?unanswered",
        "/larkspur/readiness/equity/",
        "/larkspur/readiness/culture/",
        "/larkspur/readiness/evidence/{evidence}/remove/",
        "/larkspur/readiness/history/",
        "/larkspur/readiness/policy/",
        "/larkspur/readiness/policy/?proceed=5&prepare=3&required=leadership&version=1",
        "/larkspur/readings/",
        "/larkspur/readings/compare/",
        "/larkspur/readiness/comments/",
        "/larkspur/readiness/comments/{comment}/edit/",
        "/larkspur/readiness/worksheet/",
        "/fairmont/readiness/worksheet/",
        "/larkspur/readiness/what-if/",
        "/larkspur/readiness/what-if/?asked=1&step=leadership.1&c-culture=met",
        "/larkspur/readiness/rounds/",
        "/larkspur/readiness/rounds/new/",
        "/larkspur/readiness/determination/",
        "/larkspur/readiness/rounds/1/",
        "/larkspur/pulse/",
        "/larkspur/pulse/{closed}/",
        "/larkspur/pulse/{open}/",
        "/larkspur/pulse/{open}/close/",
        "/larkspur/preparedness/",
        "/larkspur/preparedness/?view=board",
        "/larkspur/preparedness/?view=timeline&owner=Ben+Carter",
        "/larkspur/preparedness/new/?step=equity.5",
        "/larkspur/preparedness/{action}/",
        "/larkspur/coalition/",
        "/larkspur/coalition/?sector=nobody",
        "/larkspur/coalition/new/",
        "/larkspur/coalition/?view=board",
        "/larkspur/coalition/partners/{partner}/",
        "/larkspur/coalition/partners/{partner}/edit/",
        "/larkspur/coalition/partners/{partner}/request/",
        "/larkspur/coalition/partners/{partner}/remove/",
        "/larkspur/coalition/partners/{partner}/people/new/",
        "/larkspur/coalition/people/",
        "/larkspur/coalition/people/{person}/",
        "/larkspur/coalition/people/{person}/erase/",
        "/larkspur/coalition/groups/",
        "/larkspur/coalition/groups/new/",
        "/larkspur/coalition/groups/{group}/?find=a",
        "/larkspur/coalition/groups/{group}/edit/",
        "/larkspur/coalition/meetings/new/?group={group}",
        "/larkspur/coalition/meetings/{meeting}/",
        "/larkspur/coalition/meetings/{meeting}/edit/",
        "/larkspur/coalition/follow-ups/{follow_up}/",
        "/larkspur/coalition/duplicates/",
        "/larkspur/coalition/duplicates/person/{person}/{twin}/",
        "/larkspur/coalition/files/",
        "/larkspur/coalition/good-partner/",
        "/larkspur/coalition/partners/{partner}/good-partner/",
        "/larkspur/coalition/partners/{partner}/letter/",
        "/larkspur/coalition/imports/{upload}/",
        "/larkspur/coalition/imports/{upload}/preview/",
        "/larkspur/readiness/review/",
        "/larkspur/launch/",
        "/larkspur/launch/facts/",
        "/larkspur/launch/parts/lead/",
        "/larkspur/launch/rounds/1/",
        "/larkspur/plan/",
        "/larkspur/plan/checks/",
        "/larkspur/plan/releases/",
        "/larkspur/plan/letter/",
        "/larkspur/plan/readiness/",
        "/larkspur/plan/findings/",
        "/larkspur/plan/engagement/",
        "/larkspur/plan/comments/",
        "/larkspur/plan/findings/revisions/",
        "/larkspur/plan/findings/revisions/compare/",
        "/larkspur/plan/pictures/",
        "/larkspur/plan/pictures/{picture}/remove/",
        "/larkspur/findings/findings/",
        "/larkspur/findings/data/",
        "/larkspur/findings/engagement/",
        "/larkspur/findings/engagement/new/",
        "/larkspur/findings/data/new/",
        "/larkspur/strategy/",
        "/larkspur/strategy/diagram/",
        "/larkspur/strategy/measures/",
        "/larkspur/strategy/priorities/new/",
        "/larkspur/sustain/",
        "/larkspur/sustain/wins/",
        "/larkspur/sustain/handover/",
        "/larkspur/settings/",
        "/larkspur/settings/municipality/",
        "/larkspur/settings/invitations/",
        "/larkspur/settings/members/{seat}/",
        "/larkspur/settings/members/{seat}/remove/",
        "/nowhere/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
    ],
    "marcus@larkspur.example": [
        "/larkspur/plan/comments/{plan_comment}/edit/",
        "/larkspur/plan/comments/?show=resolved",
    ],
    LENA: [
        "/larkspur/",
        "/larkspur/readiness/review/",
        "/larkspur/readiness/determination/",
        "/larkspur/plan/letter/",
        "/larkspur/plan/approach/",
    ],
    VERA: [
        "/larkspur/",
        "/larkspur/readiness/equity/",
        "/larkspur/coalition/",
        "/larkspur/coalition/partners/{partner}/",
        "/larkspur/coalition/people/",
        "/larkspur/coalition/groups/",
        "/larkspur/coalition/groups/{group}/",
        "/larkspur/coalition/meetings/{meeting}/",
        "/larkspur/coalition/good-partner/",
        "/larkspur/preparedness/{action}/",
        "/larkspur/plan/letter/",
        "/larkspur/plan/findings/revisions/compare/?older=1&newer=4",
        "/larkspur/settings/",
    ],
    OLAF: [
        "/fairmont/",
        "/fairmont/readiness/",
        "/fairmont/readiness/leadership/",
        "/fairmont/readiness/determination/",
        "/fairmont/preparedness/",
        "/fairmont/coalition/groups/",
        "/fairmont/pulse/",
        "/fairmont/readiness/review/",
        "/fairmont/launch/",
        "/fairmont/plan/",
        "/fairmont/plan/checks/",
        "/fairmont/plan/releases/",
        "/fairmont/findings/findings/",
        "/fairmont/findings/findings/new/",
        "/fairmont/findings/findings/{finding}/",
        "/fairmont/findings/data/",
        "/fairmont/findings/engagement/",
        "/fairmont/strategy/",
        "/fairmont/strategy/priorities/{priority}/",
        "/fairmont/strategy/actions/new/",
        "/fairmont/strategy/actions/{strategic}/",
        "/fairmont/strategy/actions/{strategic}/?find=a",
        "/fairmont/strategy/actions/{strategic}/edit/",
        "/fairmont/strategy/diagram/",
        "/fairmont/strategy/measures/",
        "/fairmont/strategy/measures/?state=behind",
        "/fairmont/strategy/measures/{measure}/",
        "/fairmont/strategy/measures/{measure}/edit/",
        "/fairmont/strategy/items/{line}/measure/",
        "/fairmont/strategy/progress/{entry}/",
        "/fairmont/plan/letter/",
        "/fairmont/plan/sustainability/",
        "/fairmont/plan/sustainability/revisions/",
        "/fairmont/sustain/",
        "/fairmont/sustain/wins/",
        "/fairmont/sustain/wins/new/",
        "/fairmont/sustain/wins/{win}/",
        "/fairmont/sustain/reports/new/",
        "/fairmont/sustain/reports/{report}/",
        "/fairmont/sustain/reports/{report}/days/",
        "/fairmont/sustain/reports/{report}/finish/",
        "/fairmont/sustain/handover/",
    ],
}
# No page of their own: they answer a form, a machine, a download, or stand in test_every_state.py.
ELSEWHERE = {
    "livez",
    "readyz",
    "resume",
    "account_set_password",
    "home",
    "findings:aside",
    "findings:export",
    "sustain:aside",
    "sustain:export",
    "sustain:reopen",
    "sustain:preview_report",
    "sustain:preview_handover",
    "sustain:report_pdf",
    "sustain:report_docx",
    "sustain:handover_pdf",
    "sustain:handover_docx",
    "strategy:export",
    "strategy:aside",
    "strategy:move",
    "strategy:partner",
    "strategy:add_items",
    "strategy:item",
    "strategy:propose",
    "coalition:restore",
    "coalition:export",
    "coalition:printed",
    "coalition:letter_file",
    "coalition:template",
    "coalition:progress",
    "coalition:stop",
    "coalition:forget",
    "coalition:move",
    "coalition:log",
    "coalition:remove_contact",
    "coalition:remove_person",
    "coalition:join_group",
    "coalition:leave_group",
    "coalition:chair",
    "coalition:attendance",
    "coalition:add_follow_up",
    "coalition:settle",
    "coalition:meeting_file",
    "coalition:sheet",
    "coalition:open_feed",
    "coalition:undo_merge",
    "coalition:revoke_feed",
    "meeting_calendar:feed",
    "municipalities:withdraw",
    "plans:pdf",
    "plans:word",
    "plans:brief_pdf",
    "plans:brief_word",
    "plans:slides",
    "readiness:memo",
    "launch:text",
    "launch:pdf",
    "launch:docx",
    "plans:status",
    "plans:take_back",
    "plans:data",
    "plans:withdraw",
    "plans:feedback",
    "published:schema",
    "published:pdf",
    "published:data",
    "published:picture",
    "plans:begin_comment",
    "plans:comment",
    "plans:resolve",
    "plans:return",
    # In its own walk, with a worker (test_exports.py).
    "plans:export",
    "plans:export_file",
    "plans:export_mail",
    "plans:export_stop",
    "plans:preview",
    "plans:restore",
    "plans:picture",
    "plans:add_picture",
    "readiness:history_export",
    "calendar:feed",
    "pulse:export",
    "pulse:invite",
    "pulse:open",
    "preparedness:confirm",
    "preparedness:export",
    "preparedness:move",
    "preparedness:open_feed",
    "preparedness:revoke_feed",
    "readings:agree",
    "readings:open",
    "readings:save",
    "readiness:comment",
    "readiness:resolve",
    "readiness:export",
    "readiness:import",
    "readiness:import_forget",
    "readiness:step",
    "readiness:evidence",
    "readiness:evidence_file",
    "readiness:evidence_verify",
    "readiness:question",
    "readiness:judgement",
}
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true })"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def names(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The name of every address of the product, with its app's before it."""
    for found in patterns:
        if isinstance(found, URLResolver):
            yield from names(found.url_patterns, f"{found.namespace}:" if found.namespace else before)
        else:
            yield f"{before}{found.name}"


def test_the_walk_leaves_no_page_out():
    walked = {
        resolve(
            path.partition("?")[0].format(
                twin=2,
                group=1,
                finding=1,
                priority=1,
                strategic=1,
                line=1,
                measure=1,
                entry=1,
                picture=1,
                meeting=1,
                follow_up=1,
                upload=1,
                partner=1,
                person=1,
                seat=1,
                evidence=1,
                action=1,
                survey=1,
                closed=1,
                open=1,
                comment=1,
                plan_comment=1,
                win=1,
                report=1,
            )
        ).view_name
        for paths in PAGES.values()
        for path in paths
    }
    assert set(names(get_resolver().url_patterns)) - walked == ELSEWHERE


def walk(sign_in, whose: Iterable[str | None]):
    """Each page of theirs in the demo in turn, with what it is called; everything that opens is open."""
    roster = read("roster.csv", b"Organization;Sector;Person\nCollege;education;Kim\nCarrow City Schools;anchor;\n")
    place = Municipality.objects.get(slug="larkspur")
    upload = keep(municipality=place, user=User.objects.get(email=ANA), name="roster.csv", table=roster)
    ids = {
        "partner": Partner.objects.filter(municipality__slug="larkspur").earliest("pk").pk,
        "person": Person.objects.filter(partner__municipality__slug="larkspur").earliest("pk").pk,
        "twin": Person.objects.filter(partner__municipality__slug="larkspur").latest("pk").pk,
        "group": WorkingGroup.objects.filter(municipality=place).earliest("pk").pk,
        "meeting": Meeting.objects.filter(municipality=place).earliest("pk").pk,
        "follow_up": FollowUp.objects.filter(meeting__municipality=place).earliest("pk").pk,
        "evidence": Evidence.objects.filter(step__round__municipality__slug="larkspur").earliest("pk").pk,
        "action": Action.objects.filter(municipality__slug="larkspur").earliest("pk").pk,
        "comment": Comment.objects.filter(author__email=ANA).earliest("pk").pk,
        "plan_comment": Comment.objects.get(author__email="marcus@larkspur.example", subject__startswith="plan/").pk,
        "survey": Survey.objects.open().get().token,
        "open": Survey.objects.open().get().pk,
        "closed": Survey.objects.closed().get().pk,
        "upload": upload.pk,
        "picture": factories.picture(place, "The river walk on a Sunday").pk,
        "finding": Finding.objects.filter(municipality__slug="fairmont").earliest("pk").pk,
        "priority": Priority.objects.filter(municipality__slug="fairmont").earliest("pk").pk,
        "strategic": StrategicAction.objects.filter(municipality__slug="fairmont").earliest("pk").pk,
        "line": LogicItem.objects.filter(municipality__slug="fairmont").earliest("pk").pk,
        "measure": ProgressEntry.objects.filter(municipality__slug="fairmont").earliest("pk").measure_id,
        "entry": ProgressEntry.objects.filter(municipality__slug="fairmont").earliest("pk").pk,
        "win": Win.objects.filter(municipality__slug="fairmont").earliest("pk").pk,
        "report": AnnualReport.objects.get(municipality__slug="fairmont").pk,
        "seat": Membership.objects.get(user__email="ben@larkspur.example").pk,
    }
    fairmont, olaf = Municipality.objects.get(slug="fairmont"), User.objects.get(email=OLAF)
    # After the demo's own.
    for release in (Release.objects.get(municipality=fairmont), factories.release(fairmont, olaf, 2)):
        for state in FeedbackState:
            said = give_feedback(release=release, name="Rosa", text="A good plan, I think.", language="es")
            judge_feedback(municipality=fairmont, pk=said.pk, state=state, by=olaf)
    for email in whose:
        user = User.objects.get(email=email) if email else None
        page = sign_in(user)
        for path in PAGES[email]:
            resize(page, 1280)
            response = page.goto(path.format(**ids))
            assert response is not None
            assert response.status in (200, 404, 410), f"{path}: {response.status}"
            page.evaluate(OPEN_ALL)
            yield f"{path} ({email})", page


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def faults(name: str, page: Page, axe, titles: dict[str, str]) -> list[str]:
    """What is wrong with a page: what axe finds on a wide and a narrow screen, its headings, its title, its width."""
    titles.setdefault(page.title(), name)
    found: list[str] = axe(page)
    if page.locator("h1").count() != 1:
        found.append("not one first heading")
    if not re.fullmatch(r".+ · Mobility Planning", page.title()):
        found.append(f"title: {page.title()}")
    # 1280 pixels at 200 % are 640 of them; 320 is the same at 400 %.
    for narrow in (640, 360, 320):
        resize(page, narrow)
        if narrow == 360:
            found += [f"{fault} (at 360)" for fault in axe(page)]
        wider = page.evaluate(OVERFLOW)
        if wider > 0:
            found.append(f"{wider} pixels too wide at {narrow}")
    return found


@pytest.mark.parametrize("whose", [[ANA], [who for who in PAGES if who != ANA]], ids=["Ana's", "the others'"])
def test_every_page_is_accessible_and_fits(demo, sign_in, axe, whose: list[str | None]):
    titles: dict[str, str] = {}
    found = {name: faults(name, page, axe, titles) for name, page in walk(sign_in, whose)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(titles) > len(found) / 2


@pytest.mark.parametrize("kind", ["conflict", "refused", "saved"])
def test_axe_finds_nothing_in_the_states_of_a_save(demo, sign_in, axe, kind: str):
    page: Page = sign_in(User.objects.get(email=ANA))
    page.goto("/larkspur/readiness/equity/")
    note = page.locator("#equity-1-note")
    if kind == "conflict":
        other: Page = sign_in(User.objects.get(email="ben@larkspur.example"))
        other.goto("/larkspur/readiness/equity/")
        other.locator("#equity-1-note").fill("Ben's words")
        other.locator("#equity-1-note").blur()
        other.locator("#equity-1 .js-save-state").get_by_text("by Ben Carter").wait_for()
    if kind == "refused":
        page.evaluate("document.querySelector('#equity-1-note').value = 'x'.repeat(20001)")
    note.fill("Ana's words") if kind != "refused" else note.dispatch_event("change")
    note.blur()
    if kind == "saved":
        all_saved(page)
    else:
        place = {"conflict": "#conflict-equity-1 textarea", "refused": "#equity-1 .js-save-state .mp-fault"}
        page.locator(place[kind]).first.wait_for()
    assert axe(page) == []
