"""The demo: two towns that come out as promised on any day, idempotent, and only where anybody may sign in."""

import datetime
import html
import io
from http import HTTPStatus
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import User
from coalition.models import Partner, Person
from coalition.queries import coverage
from mobility_planning import demo_data
from mobility_planning.demo_data import moments, seed, working_day
from municipalities.models import Membership, Municipality, Role
from plans.finished import Kind
from plans.models import Feedback, Publication, Release, Section
from plans.releases import release_page
from plans.revisions import revisions
from readiness import queries
from readiness.models import Determination, StepAnswer
from strategy.models import ProgressEntry
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
TOWNS = ("larkspur", "fairmont")
DRAWN = b"%PDF"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("seed_demo", *words, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF of the release is drawn where test_export_plan.py looks at it."""
    monkeypatch.setattr(Kind, "finished", lambda _self, _document: DRAWN)


@pytest.fixture
def demo(settings: Settings) -> str:
    """What a first seed_demo prints."""
    settings.DEBUG = True
    return run()


def town(slug: str) -> Municipality:
    return Municipality.objects.get(slug=slug)


def tables() -> dict[str, int]:
    models: tuple[Any, ...] = (User, Municipality, Membership, Partner, Person, StepAnswer, Section, Determination)
    models += (Release, Publication, Feedback, ProgressEntry)
    kept = {m.__name__: m.objects.count() for m in models}
    return {**kept, **{f"{m.__name__} history": m.history.count() for m in models if hasattr(m, "history")}}


def test_larkspur_is_half_way(demo: str):
    told = queries.assessment(town("larkspur"))
    summary = (str(told.recommendation.verdict), len(told.recommendation.met), told.recommendation.provisional)
    assert summary == ("prepare", 4, True)
    assert (told.determination, told.round.frozen) == (None, False)
    found = coverage(town("larkspur"))
    assert found.missing != ()
    assert {m.status for m in Partner.objects.of(town("larkspur"))} >= {"identified", "asked", "committed"}


def test_a_section_of_larkspur_went_through_several_hands_after_it_was_begun(demo: str):
    found = revisions(town("larkspur"), "findings").entries
    assert [entry.who for entry in found] == ["Marcus Oyelade", "Marcus Oyelade", "Joy Hallbeck", "Ana Reyes"]
    assert [entry.at for entry in found] == sorted((entry.at for entry in found), reverse=True)
    row = Section.objects.get(plan__municipality=town("larkspur"), key="findings")
    told = demo_data.load("larkspur")["sections"]["findings"]
    assert row.body == told["body"].strip()
    assert all(now in row.body for draft in told["drafts"] for now in draft["before"])


def test_fairmont_is_ready_and_leadership_has_decided(demo: str):
    told = queries.assessment(town("fairmont"))
    assert (told.round.frozen, told.recommendation.provisional) == (True, False)
    assert told.determination is not None
    assert told.determination.verdict == "proceed"
    assert {n: told.determination.recommendation[n] for n in ("verdict", "met", "provisional")} == {
        "verdict": "proceed", "met": 8, "provisional": False,
    }  # fmt: skip
    decided = Section.objects.filter(plan__municipality=town("fairmont"), status="approved")
    assert decided.exists()
    assert all(section.approved_by and section.approved_at for section in decided)
    assert [row.key for row in decided if row.approved_by in (row.written_by, row.asked_by)] == []
    assert {str(row.approved_by) for row in decided} == {"Delphine Marsh", "Augustin Thorne"}


def test_a_section_of_larkspur_came_back_with_a_comment(demo: str):
    returned = Section.objects.exclude(returned="").get()
    assert (returned.key, returned.status, str(returned.returned_by)) == ("engagement", "drafting", "Lena Whitfield")
    assert returned.plan.municipality == town("larkspur")


def test_fairmont_has_released_its_plan_and_readers_have_answered(demo: str):
    release = Release.objects.get()
    assert (release.municipality, release.number, str(release.released_by)) == (town("fairmont"), 1, "Delphine Marsh")
    assert (bytes(release.pdf), release.fingerprint) == (DRAWN, release.reckoned)
    sections = Section.objects.filter(plan__municipality=town("fairmont"))
    assert {row.status for row in sections} == {"approved"}
    assert release.versions == {row.key: row.version for row in sections}
    assert all(row.approved_at and row.approved_at < release.released_at for row in sections)
    said = Feedback.objects.order_by("given_at")
    assert [one.state for one in said] == ["shown", "shown", "aside", "shown", "waiting"]
    assert [str(one.updated_by) for one in said] == [*["Tomas Eckhardt-Ruiz"] * 4, "None"]
    assert release.released_at < said[0].given_at < said[4].given_at < timezone.now()
    page = Client().get("/public/fairmont/")
    shown = [one.text in html.unescape(page.text) for one in said]
    assert (page.status_code, shown) == (HTTPStatus.OK, [True, True, False, True, False])


def test_what_was_measured_since_changes_no_approval(demo: str):
    page = release_page(town("fairmont"))
    assert (page.missing, page.outdated) == ((), ())
    released = Release.objects.get().released_at
    late = ProgressEntry.objects.filter(measure__municipality=town("fairmont"), on__gt=released.date())
    assert {str(entry.updated_by) for entry in late} == {"Priya Nandakar"}
    assert late.count() == 4


@pytest.mark.parametrize("slug", TOWNS)
def test_each_town_has_somebody_of_every_role_who_can_sign_in(demo: str, slug: str):
    members = Membership.objects.filter(municipality=town(slug)).select_related("user")
    assert {member.role for member in members} == set(Role.values)
    assert all(member.user.check_password(demo_data.PASSWORD) for member in members)
    for member in members:
        assert f"{slug:10} {member.user.email:28} {member.user.name}, {member.get_role_display()}\n" in demo
    assert demo.count("\n") == 1 + Membership.objects.count()


@pytest.mark.parametrize("slug", TOWNS)
def test_every_page_of_a_demo_town_opens(demo: str, slug: str):
    advocate = User.objects.get(memberships__municipality=town(slug), memberships__role=Role.ADVOCATE)
    client = signed_in(advocate)
    pages = ["", "readiness/", "readiness/leadership/", "readiness/determination/", "coalition/", "plan/", "settings/"]
    assert [client.get(f"/{slug}/{page}").status_code for page in pages] == [200] * len(pages)


def test_the_second_time_nothing_is_touched_and_the_same_is_printed(demo: str):
    call_command("set_policy", "larkspur", "--proceed", "9", stdout=io.StringIO())
    before = tables()
    assert (run(), tables()) == (demo, before)
    assert town("larkspur").policy.proceed == 9


def test_a_town_that_is_gone_comes_back_with_the_people_there_are(demo: str):
    before = tables()
    # No ordinary way takes a determination away.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM readiness_determination")
    town("fairmont").delete()
    assert seed("fairmont") is True
    assert seed("fairmont") is False
    now = tables()
    assert {name: now[name] for name in now if "history" not in name} == {
        name: before[name] for name in before if "history" not in name
    }


def test_a_real_person_of_the_same_address_keeps_their_name_and_password(settings: Settings):
    settings.DEBUG = True
    User.objects.create_user("ana@larkspur.example", name="Ana R.", password="her own long passphrase")
    run()
    ana = User.objects.get(email="ana@larkspur.example")
    assert (ana.name, ana.check_password("her own long passphrase")) == ("Ana R.", True)


def test_without_debug_it_is_refused_unless_one_insists(settings: Settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="add --with-known-password"):
        run()
    assert tables() == dict.fromkeys(tables(), 0)
    assert run("--with-known-password").startswith("Demo sign-ins, all with the password upward-mobility-demo\n")
    assert Municipality.objects.count() == 2


@pytest.mark.parametrize("slug", TOWNS)
def test_every_write_has_a_person_a_working_hour_and_its_history(demo: str, slug: str):
    told = StepAnswer.history.filter(round__municipality=town(slug), version__gt=1)
    assert told.count() >= 20
    for entry in told.select_related("history_user"):
        local = timezone.localtime(entry.history_date)
        assert (entry.history_user is not None, local.weekday() < 5, 9 <= local.hour < 18) == (True, True, True)
        assert entry.history_date <= timezone.now()
    assert not StepAnswer.objects.filter(round__municipality=town(slug), version__gt=1, updated_by=None).exists()


def test_larkspur_has_news_of_this_week(demo: str):
    told = queries.assessment(town("larkspur"))
    news = queries.changes_since(told.round, timezone.now() - datetime.timedelta(days=7))
    assert len(news) >= 3


days = st.dates(min_value=datetime.date(2000, 1, 1), max_value=datetime.date(2100, 1, 1))


@given(days)
def test_a_working_day_is_the_day_itself_or_the_friday_before(day: datetime.date):
    found = working_day(day)
    assert (found.weekday() < 5, day - found <= datetime.timedelta(days=2)) == (True, True)
    assert found == day or day.weekday() >= 5


@given(st.integers(0, 60), days, st.integers(0, 400))
@example(1, datetime.date(2026, 11, 1), 0)
def test_moments_lie_in_working_hours_in_order_and_in_their_span(count: int, start: datetime.date, length: int):
    end = start + datetime.timedelta(days=length)
    found = moments(count, start, end)
    assert len(found) == count
    assert all(m.weekday() < 5 and 9 <= m.hour <= 17 for m in found)
    assert [m.date() for m in found] == sorted(m.date() for m in found)
    assert all(working_day(start) <= m.date() <= end for m in found)


@pytest.mark.parametrize("slug", TOWNS)
@pytest.mark.parametrize(
    "now",
    [datetime.datetime(2026, 1, 3, 1, tzinfo=datetime.UTC), datetime.datetime(2031, 7, 6, 23, tzinfo=datetime.UTC)],
)
def test_the_demo_is_some_weeks_old_whatever_the_clock_says(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, slug: str, now: datetime.datetime
):
    monkeypatch.setattr(timezone, "now", lambda: now)
    seed(slug)
    place = town(slug)
    assert now - place.history.earliest().history_date >= datetime.timedelta(days=50)
    dates = StepAnswer.history.filter(round__municipality=place).values_list("history_date", flat=True)
    assert max(dates) <= now
    told = queries.assessment(place).determination
    assert told is None or told.decided_on < timezone.localdate(now)
