"""The handover note: what it is drafted from, whom it names, and its texts, with the whole cast."""

import datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from coalition.models import Partner, Person
from coalition.services import add_follow_up, add_group, add_meeting, give_chair, join_group
from findings.models import Engagement
from municipalities.entries import add_entry
from municipalities.records import moment, overwrite
from plans.models import Section
from preparedness.services import add_action, move
from readiness.models import Round
from readiness.services import Decision, record_determination
from sustain.handing_over import handover_paper
from sustain.models import Handover
from sustain.paper import Cell, Paper
from sustain.paper import Part as PaperPart
from tests import factories
from tests.conftest import Cast, signed_in
from tests.sustain.conftest import Planned, measure

NOTE = "/larkspur/sustain/handover/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
TODAY = datetime.date(2026, 2, 15)
HTMX = {"HX-Request": "true"}


def drafted(cast: Cast, today: datetime.date = TODAY) -> Paper:
    return handover_paper(cast.larkspur, Handover(municipality=cast.larkspur), today)


def named(paper: Paper, title: str) -> PaperPart:
    every = [one for part in paper.parts for one in (part, *part.parts)]
    return next(part for part in every if part.title == title)


def texts(part: PaperPart) -> list[list[str]]:
    assert part.table
    return [[cell.text for cell in row] for row in part.table.rows]


def group_of(cast: Cast, name: str, person: Person) -> None:
    group = add_group(municipality=cast.larkspur, values={"name": name, "meets": "Tuesdays"}, by=cast.ana)
    seat = join_group(municipality=cast.larkspur, group=group.pk, person=person.pk, by=cast.ana)
    give_chair(municipality=cast.larkspur, pk=seat.pk, by=cast.ana)


# --- Who may ----------------------------------------------------------------------------------------------


def test_who_may_read_and_who_may_write(cast: Cast):
    for more in ("", "note.docx"):
        codes = {name: signed_in(cast[name]).get(NOTE + more).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}
    wrote = {
        name: signed_in(cast[name]).post(NOTE, {"know": "", "first": name, "version": n}).status_code
        for n, name in enumerate(NAMES, start=1)
    }
    assert wrote == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert Handover.objects.values_list("first", "version", "updated_by").get() == ("lena", 4, cast.lena.pk)


def test_own_words_save_themselves_and_two_writers_both_see_both(cast: Cast):
    ana, ben = signed_in(cast.ana), signed_in(cast.ben)
    sent = {"version": 1, "know": "- Residents were *promised* an answer", "first": ""}
    fragment = ben.post(NOTE, sent, headers=HTMX).content.decode()
    assert "<em>promised</em>" in fragment
    assert "by Ben Carter" in fragment
    assert ana.post(NOTE, {**sent, "know": "", "first": "Listen"}, headers=HTMX).status_code == HTTPStatus.OK
    answer = ana.post(NOTE, {**sent, "know": "By Ana"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert ("By Ana" in answer.content.decode(), "were *promised*" in answer.content.decode()) == (True, True)
    row = Handover.objects.get()
    assert (row.know, row.first) == (sent["know"], "Listen")
    assert [one.history_user for one in Handover.history.order_by("pk")] == [cast.ben, cast.ben, cast.ana]
    assert "Your own words in it were last changed on" in ana.get("/larkspur/sustain/").content.decode()


# --- What it is drafted from ------------------------------------------------------------------------------


def test_it_says_where_the_plan_stands_and_where_the_public_reads_it(
    cast: Cast, planned: Planned, settings: LazySettings
):
    settings.SITE_URL = "https://plans.example.org"
    part = named(drafted(cast), "What the plan is, and where it stands")
    assert part.lines[1:] == ("Nothing is written yet.", "It is not public: no release stands.", "Its priorities:")
    assert part.items == (Cell("1. Homes", more="Fewer moves"),)
    release = factories.release(cast.larkspur, cast.lena)
    day = timezone.localdate(release.released_at)
    told = f"Release 1 of {day:%b} {day.day}, {day.year} is public, for everybody, at "
    part = named(drafted(cast), "What the plan is, and where it stands")
    assert part.lines[2] == f"{told}https://plans.example.org/public/larkspur/"
    overwrite(release.publication, by=cast.lena, withdrawn=True)
    part = named(drafted(cast), "What the plan is, and where it stands")
    assert part.lines[2] == "It is not public: no release stands."


def test_it_says_what_leadership_determined(cast: Cast):
    assert named(drafted(cast), "What leadership determined").quiet.startswith("Leadership has not recorded")
    decision = Decision(
        verdict="prepare",
        rationale="We wait for money.",
        name="Dana Whitfield",
        title="Mayor",
        decided_on=moment().date(),
        look_again_on=moment().date() + datetime.timedelta(days=30),
        conditions="A budget line",
    )
    record_determination(round_=Round.objects.get(municipality=cast.larkspur), decision=decision, by=cast.lena)
    said = named(drafted(cast, moment().date()), "What leadership determined").lines
    assert said[0].startswith("Prepare: determined by Dana Whitfield, Mayor on ")
    assert said[1:3] == ("We wait for money.", "Under these conditions: A budget line")
    assert said[3].startswith("To be looked at again on ")
    due = texts(named(drafted(cast, moment().date()), "What is due in the next six months"))
    assert [row[1:] for row in due] == [["Look at the determination again", "Readiness", "Dana Whitfield"]]


def test_of_the_coalition_only_who_agreed_is_named(cast: Cast, partner: Partner, planned: Planned):
    kim = partner.people.get()
    overwrite(kim, by=cast.ana, role="data_lead", email="kim@secret.example", phone="555 0100", notes="Secret")
    group_of(cast, "Homes", kim)
    hidden = "somebody who has not agreed to be named"
    assert ["Data lead", hidden] in texts(named(drafted(cast), "Management team"))
    assert texts(named(drafted(cast), "Working groups and their chairs")) == [["Homes", hidden, "Tuesdays"]]
    overwrite(kim, by=cast.ana, listed=True)
    assert ["Data lead", "Kim Doe (Housing Trust)"] in texts(named(drafted(cast), "Management team"))
    assert texts(named(drafted(cast), "Working groups and their chairs"))[0][1] == "Kim Doe (Housing Trust)"
    for change in ({"listed": False}, {"listed": True, "status": "declined"}):
        overwrite(partner, by=cast.ana, **change)
        assert ["Data lead", hidden] in texts(named(drafted(cast), "Management team"))
    overwrite(partner, by=cast.ana, status="identified", individual=True)
    assert ["Data lead", "Kim Doe"] in texts(named(drafted(cast), "Management team"))
    whole = str(drafted(cast))
    assert not {word for word in ("kim@secret", "555 0100", "Secret", "@") if word in whole}


def test_the_team_is_named_with_its_roles_sections_and_actions(cast: Cast, planned: Planned):
    overwrite(Section.objects.get(plan__municipality=cast.larkspur, key="letter"), by=cast.ana, owner=cast.lena)
    paper = drafted(cast)
    team = named(paper, "Mobility Advocate and leadership").items
    assert team == (Cell("Ana Reyes", more="Mobility Advocate"), Cell("Lena Whitfield", more="Leadership"))
    owners = texts(named(paper, "Owners of the plan’s sections"))
    assert owners[0] == ["Letter from leadership", "Lena Whitfield", "Not started"]
    assert owners[1][1] == "nobody yet"
    # The lead is written as an address: the member's name stands for it.
    dates = "Mar 1, 2025 to Mar 1, 2027"
    assert texts(named(paper, "Leads of the actions")) == [["1.1 Settle debts", "Ben Carter", dates]]


def test_what_is_due_within_half_a_year_is_listed_with_what_is_overdue(cast: Cast, planned: Planned):
    place, by = cast.larkspur, cast.ana
    for title, due in (("Late", "2026-01-02"), ("Budget", "2026-03-01"), ("Far", "2026-08-16"), ("Done", "2026-03-02")):
        values = {"title": title, "due": datetime.date.fromisoformat(due), "owner": "ana@larkspur.example"}
        row = add_action(municipality=place, values=values, by=by)
    move(municipality=place, pk=row.pk, status="done", by=by)
    meeting = add_meeting(
        municipality=place, group=None, values={"title": "Spring", "on": datetime.date(2026, 4, 1)}, by=by
    )
    off = {"title": "Off", "on": datetime.date(2026, 4, 2), "called_off": True}
    add_meeting(municipality=place, group=None, values=off, by=by)
    task: dict[str, Any] = {"text": "Call", "owner": "x@elsewhere.example", "due": datetime.date(2026, 4, 1)}
    add_follow_up(municipality=place, meeting=meeting.pk, values=task, by=by)
    letter = Section.objects.get(plan__municipality=place, key="letter")
    overwrite(letter, by=by, owner=cast.lena, due=datetime.date(2026, 5, 1))
    measure(cast, planned.good.item_id, "Soon", ("2025-06-01", 50))
    part = named(drafted(cast), "What is due in the next six months")
    assert part.lines == ("Until Aug 15, 2026, with what is overdue.",)
    assert texts(part) == [
        ["Jan 2, 2026", "Late", "Preparedness", "Ana Reyes"],
        ["Mar 1, 2026", "Budget", "Preparedness", "Ana Reyes"],
        ["Apr 1, 2026", "Call", "Follow-up", "–"],
        ["Apr 1, 2026", "Spring", "Meeting", "–"],
        ["May 1, 2026", "Letter from leadership", "Plan section", "Lena Whitfield"],
    ]
    assert part.table
    assert [row[0].more for row in part.table.rows] == ["overdue", "", "", "", ""]
    later = texts(named(drafted(cast, datetime.date(2026, 10, 1)), "What is due in the next six months"))
    assert ["Mar 1, 2027", "1.1 Settle debts", "Action ends", "Ben Carter"] in later
    assert ["Dec 2, 2026", "1.1 Soon: 100 homes", "Target", "–"] in later
    earlier = texts(named(drafted(cast, datetime.date(2025, 1, 1)), "What is due in the next six months"))
    assert earlier[0] == ["Mar 1, 2025", "1.1 Settle debts", "Action starts", "Ben Carter"]


def test_who_was_heard_and_has_not_heard_back_is_a_promise(cast: Cast):
    values: dict[str, Any] = {"method": "session", "on": datetime.date(2026, 1, 9), "heard": "Rents rise"}
    told = {**values, "title": "Told", "reported_back": "By letter"}
    for one in ({**values, "title": "Supper talks", "reached": "Lower Point"}, told):
        add_entry(Engagement, municipality=cast.larkspur, values=one, by=cast.ana)
    words = "Supper talks (Listening session or town hall, Jan 9, 2026)"
    assert named(drafted(cast), "What residents were promised").items == (
        Cell(words, more="Whom it reached: Lower Point"),
    )


def test_measures_behind_and_without_data_are_told_plainly(cast: Cast, planned: Planned):
    paper = drafted(cast)
    assert named(paper, "How the measures stand").lines == (
        "On Feb 15, 2026, of 3 measures, on track: 0; behind: 2; without data: 1.",
    )
    assert [item.text for item in named(paper, "Behind").items] == ["1.1 Homes kept", "1.1 Homes repaired"]
    assert [item.text for item in named(paper, "Without data").items] == ["1.1 Homes built"]


def test_an_empty_town_says_what_is_missing(cast: Cast):
    paper = drafted(cast)
    nothing = {part.title: part.quiet for part in paper.parts if part.quiet}
    assert nothing == {
        "What to know": "Nothing is written here yet.",
        "What to do first": "Nothing is written here yet.",
        "What leadership determined": "Leadership has not recorded a determination yet.",
        "What is due in the next six months": "Nothing with a date is due until Aug 15, 2026.",
        "What residents were promised": "Everybody who was heard has heard back, as far as the engagement log tells.",
        "How the measures stand": "The plan has no measure yet.",
    }
    assert named(paper, "Working groups and their chairs").quiet == "There is no working group."
    assert named(paper, "Leads of the actions").quiet == "The plan has no action yet."


def test_every_page_that_it_names_is_there(cast: Cast, settings: LazySettings):
    settings.SITE_URL = "https://plans.example.org"
    links = [item.safe_link for item in named(drafted(cast), "Where things are").items]
    assert len(links) == 11
    vera = signed_in(cast.vera)
    codes = {vera.get(link.removeprefix("https://plans.example.org")).status_code for link in links}
    assert codes == {HTTPStatus.OK}


@pytest.mark.parametrize("size", [1, 12])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, planned: Planned, django_assert_num_queries: DjangoAssertNumQueries, size: int
):
    for n in range(size):
        one = factories.partner(cast.larkspur, name=f"Partner {n}", listed=True)
        overwrite(one.people.get(), by=cast.ana, role="data_lead", listed=True)
        group_of(cast, f"Group {n}", one.people.get())
        due = {"title": f"Do {n}", "due": timezone.localdate(), "owner": "ana@larkspur.example"}
        add_action(municipality=cast.larkspur, values=due, by=cast.ana)
        values = {"title": f"Talk {n}", "method": "session", "on": datetime.date(2026, 1, 9)}
        add_entry(Engagement, municipality=cast.larkspur, values=values, by=cast.ana)
        measure(cast, planned.good.item_id, f"Measure {n}", ("2025-06-01", 50))
    overwrite(Section.objects.get(plan__municipality=cast.larkspur, key="letter"), by=cast.ana, owner=cast.lena)
    ana = signed_in(cast.ana)
    with django_assert_num_queries(25):
        ana.get(NOTE)
