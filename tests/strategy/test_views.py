"""Priorities, actions, logic model and measures, tried with the whole cast."""

import csv
import datetime
import io
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from coalition.models import Partner
from coalition.queries import by_number
from coalition.services import merge_partners, undo_merge
from findings.models import Finding
from municipalities.entries import add_entry
from plans.export.document import document_html
from plans.queries import plan_document
from strategy import services
from strategy.models import LogicItem, Measure, Part, Priority, ProgressEntry, StrategicAction
from strategy.queries import strategy
from tests import factories
from tests.conftest import Cast, signed_in

HOME = "/larkspur/strategy/"
NAMES = ("ana", "ben", "lena", "vera", "olaf")
TODAY = datetime.date(2026, 12, 1)


@pytest.fixture
def priority(cast: Cast) -> Priority:
    return services.add_priority(municipality=cast.larkspur, values={"title": "Homes", "goal": "Fewer"}, by=cast.ana)


@pytest.fixture
def action(cast: Cast, priority: Priority) -> StrategicAction:
    values = {"title": "Settle debts", "priority_id": priority.pk}
    return services.add_action(municipality=cast.larkspur, values=values, by=cast.ana)


def lines(cast: Cast, action: StrategicAction, part: Part, *texts: str) -> list[LogicItem]:
    return services.add_items(municipality=cast.larkspur, action=action.pk, part=part, texts=texts, by=cast.ana)


@pytest.fixture
def measure(cast: Cast, action: StrategicAction) -> Measure:
    [line] = lines(cast, action, Part.SHORT, "Fewer filings")
    values = {
        "name": "Filings",
        "unit": "filings",
        "better": "down",
        "baseline": Decimal(490),
        "target": Decimal(245),
        "baseline_on": datetime.date(2026, 1, 1),
        "target_on": datetime.date(2030, 1, 1),
        "frequency": "yearly",
    }
    return services.add_measure(municipality=cast.larkspur, item=line.pk, values=values, by=cast.ana)


def page(cast: Cast, url: str = HOME, who: str = "ana") -> str:
    response = signed_in(cast[who]).get(url)
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


# --- Who may ----------------------------------------------------------------------------------------------


def test_who_may_read_and_who_may_write(cast: Cast, action: StrategicAction, measure: Measure):
    read = ["", "diagram/", "measures/", f"actions/{action.pk}/", f"measures/{measure.pk}/", "actions/export.csv"]
    for url in read:
        codes = {name: signed_in(cast[name]).get(HOME + url).status_code for name in NAMES}
        assert codes == {"ana": 200, "ben": 200, "lena": 200, "vera": 200, "olaf": 404}, url
    wrote = {name: signed_in(cast[name]).post(f"{HOME}priorities/new/", {"title": name}).status_code for name in NAMES}
    assert wrote == {"ana": 302, "ben": 302, "lena": 302, "vera": 403, "olaf": 404}
    assert list(Priority.objects.values_list("title", flat=True)) == ["Homes", "ana", "ben", "lena"]


def test_a_reader_sees_no_form(cast: Cast, action: StrategicAction, measure: Measure):
    for url in (HOME, f"{HOME}actions/{action.pk}/", f"{HOME}measures/{measure.pk}/", f"{HOME}measures/"):
        html = page(cast, url, "vera")
        assert 'method="post" action="/larkspur' not in html
        assert "/edit/" not in html


# --- Priorities and actions -------------------------------------------------------------------------------


def test_an_action_wants_a_priority_first(cast: Cast):
    answer = signed_in(cast.ana).get(f"{HOME}actions/new/")
    assert answer["Location"] == f"{HOME}priorities/new/"
    assert "No priority yet" in page(cast)
    assert "Nothing to draw yet" in page(cast, f"{HOME}diagram/")
    assert "Nothing to measure yet" in page(cast, f"{HOME}measures/")


def test_an_action_keeps_what_is_said_of_it_and_the_pages_show_it(cast: Cast, priority: Priority):
    finding = add_entry(Finding, municipality=cast.larkspur, values={"text": "Filings cluster"}, by=cast.ana)
    sent = {
        "title": "Settle debts",
        "priority_id": priority.pk,
        "predictor": "affordability",
        "lead": "Housing",
        "findings": [finding.pk],
        "starts_on": "2027-01-01",
        "ends_on": "2029-01-01",
        "equity": "Renters first",
        "systems": ["power", "policies"],
        "evidence": "Two counties",
        "resources": "$420,000",
    }
    answer = signed_in(cast.ana).post(f"{HOME}actions/new/", sent)
    row = StrategicAction.objects.get()
    assert answer["Location"] == f"{HOME}actions/{row.pk}/"
    assert (row.findings, row.systems, row.updated_by) == ((str(finding.pk),), ("policies", "power"), cast.ana)
    html = page(cast, f"{HOME}actions/{row.pk}/")
    for words in ("Filings cluster", "Jan 1, 2027 to Jan 1, 2029", "Policies, Power dynamics", "Renters first", "$420"):
        assert words in html
    html = page(cast)
    assert "Housing" in html
    assert "Filings cluster" in html


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "a\u202eb"}, "hidden control character"),
        ({"priority_id": "999999"}, "Select a valid choice"),
        ({"predictor": "luck"}, "Select a valid choice"),
        ({"systems": ["weather"]}, "Select a valid choice"),
        ({"starts_on": "soon"}, "Enter a valid date"),
        ({"starts_on": "2027-02-01", "ends_on": "2027-01-01"}, "The end lies before the start"),
    ],
)
def test_bad_input_for_an_action_gets_a_message_and_changes_nothing(
    cast: Cast, priority: Priority, bad: dict[str, Any], words: str
):
    answer = signed_in(cast.ana).post(f"{HOME}actions/new/", {"title": "X", "priority_id": priority.pk, **bad})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert not StrategicAction.objects.exists()


def test_another_towns_priority_and_finding_cannot_be_chosen(cast: Cast, priority: Priority):
    theirs = add_entry(Finding, municipality=cast.fairmont, values={"text": "Theirs"}, by=cast.olaf)
    mine = services.add_priority(municipality=cast.fairmont, values={"title": "Other"}, by=cast.olaf)
    add_entry(Finding, municipality=cast.larkspur, values={"text": "Ours"}, by=cast.ana)
    ana = signed_in(cast.ana)
    for bad in ({"findings": [theirs.pk]}, {"priority_id": mine.pk}):
        answer = ana.post(f"{HOME}actions/new/", {"title": "X", "priority_id": priority.pk, **bad})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Theirs" not in answer.content.decode()


def test_two_writers_of_one_action_both_see_both(cast: Cast, action: StrategicAction):
    url = f"{HOME}actions/{action.pk}/edit/"
    sent = {"title": action.title, "priority_id": action.priority_id, "version": 1}
    assert signed_in(cast.ben).post(url, {**sent, "lead": "Ben says"}).status_code == HTTPStatus.FOUND
    answer = signed_in(cast.ana).post(url, {**sent, "lead": "Ana says"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert {"Ben says", "Ana says"} <= {word for word in ("Ben says", "Ana says") if word in answer.content.decode()}
    # In another field both are kept.
    assert signed_in(cast.ana).post(url, {**sent, "lead": "", "equity": "Renters"}).status_code == HTTPStatus.FOUND
    action.refresh_from_db()
    assert (action.lead, action.equity) == ("Ben says", "Renters")


def test_what_is_set_aside_goes_with_all_below_it_and_comes_back(cast: Cast, action: StrategicAction, measure: Measure):
    ana = signed_in(cast.ana)
    ana.post(f"{HOME}priorities/{action.priority_id}/aside/")
    assert strategy(cast.larkspur, TODAY).measures == ()
    assert "Priorities set aside (1)" in page(cast)
    away = ana.get(f"{HOME}actions/{action.pk}/")
    assert away["Location"] == f"{HOME}#aside"
    assert ana.get(f"{HOME}measures/{measure.pk}/")["Location"] == f"{HOME}measures/#aside"
    # What is said of it can still be changed, and it may move to another priority.
    assert "(set aside)" in page(cast, f"{HOME}actions/{action.pk}/edit/")
    ana.post(f"{HOME}priorities/{action.priority_id}/aside/", {"back": "1"})
    [found] = strategy(cast.larkspur, TODAY).measures
    assert found.row == measure
    assert Priority.objects.get().version == 3


def test_so_many_priorities_are_nobodys_plan_and_what_was_typed_stays(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, action: StrategicAction
):
    monkeypatch.setattr(services, "MOST_PRIORITIES", 1)
    monkeypatch.setattr(services, "MOST_ACTIONS", 1)
    monkeypatch.setattr(services, "MOST_ITEMS", 1)
    ana = signed_in(cast.ana)
    for url, sent in (
        ("priorities/new/", {"title": "One more"}),
        ("actions/new/", {"title": "One more", "priority_id": action.priority_id}),
        (f"actions/{action.pk}/lines/", {"part": "input", "texts": "One more\nand another"}),
    ):
        answer = ana.post(HOME + url, sent)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "no more can be added" in answer.content.decode()
        assert "One more" in answer.content.decode()
    assert (Priority.objects.count(), StrategicAction.objects.count(), LogicItem.objects.count()) == (1, 1, 0)


# --- Order ------------------------------------------------------------------------------------------------


def order(cast: Cast) -> list[tuple[str, list[str]]]:
    found = strategy(cast.larkspur, TODAY)
    return [(p.row.title, [f"{a.number} {a.row.title}" for a in p.actions]) for p in found.priorities]


def test_actions_move_within_and_between_priorities(cast: Cast, action: StrategicAction):
    place, ana = cast.larkspur, signed_in(cast.ana)
    second = services.add_priority(municipality=place, values={"title": "Work"}, by=cast.ana)
    values = {"title": "Hire", "priority_id": action.priority_id}
    services.add_action(municipality=place, values=values, by=cast.ana)
    assert order(cast) == [("Homes", ["1.1 Settle debts", "1.2 Hire"]), ("Work", [])]
    assert ana.post(f"{HOME}actions/{action.pk}/move/", {"step": "1"})["Location"] == f"{HOME}#action-{action.pk}"
    assert order(cast) == [("Homes", ["1.1 Hire", "1.2 Settle debts"]), ("Work", [])]
    ana.post(f"{HOME}actions/{action.pk}/move/", {"step": "1"})
    assert order(cast) == [("Homes", ["1.1 Hire"]), ("Work", ["2.1 Settle debts"])]
    ana.post(f"{HOME}priorities/{second.pk}/move/", {"step": "-1"})
    assert order(cast) == [("Work", ["1.1 Settle debts"]), ("Homes", ["2.1 Hire"])]
    action.refresh_from_db()
    assert action.priority_id == second.pk
    # Only what changed its place got a new version: who reads the history sees no moves that were none.
    assert StrategicAction.objects.get(title="Hire").version == 2


def test_lines_move_between_parts_and_are_dropped_before_another(cast: Cast, action: StrategicAction):
    one, two = lines(cast, action, Part.INPUT, "Money", "People")
    [three] = lines(cast, action, Part.OUTPUT, "Cases")
    ana = signed_in(cast.ana)

    def parts() -> dict[str, list[str]]:
        view = strategy(cast.larkspur, TODAY).actions[0]
        return {part.key: [str(item.row) for item in part.items] for part in view.parts if part.items}

    ana.post(f"{HOME}items/{two.pk}/move/", {"step": "1"})
    assert parts() == {"input": ["Money"], "activity": ["People"], "output": ["Cases"]}
    ana.post(f"{HOME}items/{one.pk}/move/", {"into": "output", "before": three.pk})
    assert parts() == {"activity": ["People"], "output": ["Money", "Cases"]}
    for bad in ({"into": "nowhere"}, {"step": "5"}, {"before": "x"}):
        assert ana.post(f"{HOME}items/{one.pk}/move/", bad).status_code == HTTPStatus.NOT_FOUND
    assert ana.post(f"{HOME}measures/{one.pk}/move/", {"step": "1"}).status_code == HTTPStatus.NOT_FOUND
    assert parts() == {"activity": ["People"], "output": ["Money", "Cases"]}


def test_a_line_that_is_set_aside_is_stepped_over(cast: Cast, action: StrategicAction):
    one, two, three, four = lines(cast, action, Part.INPUT, "One", "Two", "Three", "Four")
    ana = signed_in(cast.ana)

    def seen() -> list[tuple[str, int]]:
        return [(item.row.part, item.row.pk) for item in strategy(cast.larkspur, TODAY).actions[0].items]

    for away in (two, four):
        ana.post(f"{HOME}items/{away.pk}/aside/")
    ana.post(f"{HOME}items/{three.pk}/move/", {"step": "-1"})
    assert seen() == [("input", three.pk), ("input", one.pk)]
    # It is the last one that is to be seen, so the next step leads into the next part.
    ana.post(f"{HOME}items/{one.pk}/move/", {"step": "1"})
    assert seen() == [("input", three.pk), ("activity", one.pk)]
    ana.post(f"{HOME}items/{two.pk}/aside/", {"back": "1"})
    assert set(seen()) == {("input", three.pk), ("input", two.pk), ("activity", one.pk)}


# --- Lines ------------------------------------------------------------------------------------------------


def test_lines_are_added_one_a_line_without_the_marks_of_a_list(cast: Cast, action: StrategicAction):
    sent = {"part": "output", "texts": "• 500 cases\r\n\r\n  - Sixty   homes \n"}
    signed_in(cast.ana).post(f"{HOME}actions/{action.pk}/lines/", sent)
    assert list(LogicItem.objects.values_list("text", "part")) == [("500 cases", "output"), ("Sixty homes", "output")]
    assert {row.history.get().history_user for row in LogicItem.objects.all()} == {cast.ana}


@pytest.mark.parametrize(
    ("part", "texts", "words"),
    [
        ("output", "good\n" + "x" * 301, "Line 2 is too long"),
        ("output", "\n".join("abc" for _ in range(31)), "30 lines at a time"),
        ("output", "a\u202eb", "hidden control character"),
        ("output", "good\n---\n…", "at least one letter"),
        ("luck", "fine", "Select a valid choice"),
        ("output", "", "This field is required"),
    ],
)
def test_bad_lines_get_a_message_keep_the_text_and_change_nothing(
    cast: Cast, action: StrategicAction, part: str, texts: str, words: str
):
    answer = signed_in(cast.ana).post(f"{HOME}actions/{action.pk}/lines/", {"part": part, "texts": texts})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    if part == "output":
        assert words in answer.content.decode()
        assert texts.splitlines()[:1] == [] or texts.splitlines()[0] in answer.content.decode()
    assert not LogicItem.objects.exists()


def test_two_writers_of_one_measure_see_its_numbers_and_the_way_back_to_measures(cast: Cast, measure: Measure):
    url = f"{HOME}measures/{measure.pk}/edit/"
    sent = {"name": measure.name, "better": "down", "baseline": "490", "target": "245", "version": 1}
    assert signed_in(cast.ben).post(url, {**sent, "target": "1,240.5"}).status_code == HTTPStatus.FOUND
    answer = signed_in(cast.ana).post(url, {**sent, "target": "12000"})
    assert answer.status_code == HTTPStatus.CONFLICT
    html = answer.content.decode()
    assert "12,000" in html
    assert "1,240.5" in html
    assert f'breadcrumb__link" href="{HOME}measures/">Measures' in html
    # What is chosen is sent as it is stored.
    assert 'value="12000"' in html


def test_a_line_saves_itself_and_two_writers_see_both(cast: Cast, action: StrategicAction):
    [line] = lines(cast, action, Part.INPUT, "Money")
    url, htmx = f"{HOME}items/{line.pk}/", {"HX-Request": "true"}
    answer = signed_in(cast.ben).post(url, {"version": 1, "text": "Ben’s money"}, headers=htmx)
    assert answer.status_code == HTTPStatus.OK
    assert 'value="2"' in answer.content.decode()
    answer = signed_in(cast.ana).post(url, {"version": 1, "text": "Ana’s money"}, headers=htmx)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer["HX-Retarget"] == f"#conflict-item-{line.pk}"
    assert "Ben’s money" in answer.content.decode()
    whole = signed_in(cast.ana).post(url, {"version": 1, "text": "Ana’s money"})
    assert whole.status_code == HTTPStatus.CONFLICT
    assert "Ana’s money" in whole.content.decode()
    assert LogicItem.objects.get().text == "Ben’s money"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_line_without_words_is_refused_and_stays(cast: Cast, action: StrategicAction, headers: dict[str, str]):
    [line] = lines(cast, action, Part.INPUT, "Money")
    answer = signed_in(cast.ana).post(f"{HOME}items/{line.pk}/", {"version": 1, "text": " "}, headers=headers)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "This field is required" in answer.content.decode()
    assert LogicItem.objects.get().text == "Money"


def test_without_a_script_a_saved_line_leads_back_to_itself(cast: Cast, action: StrategicAction):
    [line] = lines(cast, action, Part.INPUT, "Money")
    answer = signed_in(cast.ana).post(f"{HOME}items/{line.pk}/", {"version": 1, "text": "More money"})
    assert answer["Location"] == f"{HOME}actions/{action.pk}/#item-{line.pk}"


# --- Partners ---------------------------------------------------------------------------------------------


def test_partners_are_found_added_and_taken_out(cast: Cast, action: StrategicAction):
    partner = factories.partner(cast.larkspur, name="Tenants' League", person="Kim Doe")
    ana, url = signed_in(cast.ana), f"{HOME}actions/{action.pk}/"
    assert "Tenants" in page(cast, f"{url}?find=kim")
    ana.post(f"{url}partners/", {"partner": partner.pk})
    action.refresh_from_db()
    assert action.partners == (str(partner.pk),)
    assert "No other partner fits" in page(cast, f"{url}?find=kim")
    ana.post(f"{url}partners/", {"partner": partner.pk, "out": "1"})
    action.refresh_from_db()
    assert action.partners == ()


def test_another_towns_partner_and_nobody_cannot_be_added(cast: Cast, action: StrategicAction):
    theirs = factories.partner(cast.fairmont, name="Theirs")
    ana, url = signed_in(cast.ana), f"{HOME}actions/{action.pk}/partners/"
    for bad in (theirs.pk, "", "x", 10**18):
        assert ana.post(url, {"partner": bad}).status_code == HTTPStatus.NOT_FOUND
    assert "Theirs" not in page(cast, f"{HOME}actions/{action.pk}/?find=theirs")


def test_a_partner_who_is_merged_stays_with_the_action_and_the_merge_can_be_undone(cast: Cast, action: StrategicAction):
    kept = factories.partner(cast.larkspur, name="Tenants' League", person="")
    gone = factories.partner(cast.larkspur, name="Tenants League", person="")
    services.set_partner(municipality=cast.larkspur, action=action.pk, partner=gone.pk, joins=True, by=cast.ana)

    def names() -> list[str]:
        return [partner.name for partner in strategy(cast.larkspur, TODAY).actions[0].partners]

    done = merge_partners(municipality=cast.larkspur, kept=kept.pk, gone=gone.pk, by=cast.ana)
    assert names() == ["Tenants' League"]
    undo_merge(municipality=cast.larkspur, pk=done.pk, by=cast.ana)
    assert names() == ["Tenants League"]


def test_a_partner_who_was_merged_is_not_found_again_and_can_be_taken_out(cast: Cast, action: StrategicAction):
    kept = factories.partner(cast.larkspur, name="Tenants' League", person="")
    gone = factories.partner(cast.larkspur, name="Tenants League", person="")
    ana, url = signed_in(cast.ana), f"{HOME}actions/{action.pk}/"
    ana.post(f"{url}partners/", {"partner": gone.pk})
    merge_partners(municipality=cast.larkspur, kept=kept.pk, gone=gone.pk, by=cast.ana)
    assert "No other partner fits" in page(cast, f"{url}?find=tenants")
    ana.post(f"{url}partners/", {"partner": kept.pk})
    action.refresh_from_db()
    assert action.partners == (str(kept.pk),)
    ana.post(f"{url}partners/", {"partner": kept.pk, "out": "1"})
    assert "No partner takes part yet." in page(cast, url)


def test_a_partner_put_back_by_hand_after_a_merge_is_themself_again(cast: Cast):
    kept, gone = (factories.partner(cast.larkspur, name=name, person="") for name in ("One League", "Two League"))
    merge_partners(municipality=cast.larkspur, kept=kept.pk, gone=gone.pk, by=cast.ana)
    entry = Partner.history.filter(id=gone.pk, history_type="-").latest().pk
    signed_in(cast.ana).post(f"/larkspur/coalition/restore/{entry}/")
    found = by_number(cast.larkspur, [str(gone.pk), str(kept.pk), "999999"])
    there = Partner.objects.filter(pk=gone.pk).exists()
    assert {number: row.pk for number, row in found.items()} == {
        str(gone.pk): gone.pk if there else kept.pk,
        str(kept.pk): kept.pk,
    }


def test_an_action_holds_so_many_partners_and_no_more(
    cast: Cast, action: StrategicAction, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(services, "MOST_PARTNERS", 0)
    partner = factories.partner(cast.larkspur, name="One too many")
    answer = signed_in(cast.ana).post(f"{HOME}actions/{action.pk}/partners/", {"partner": partner.pk}, follow=True)
    assert "no more can be added" in answer.content.decode()
    action.refresh_from_db()
    assert action.partners == ()


# --- Measures ---------------------------------------------------------------------------------------------


def test_a_measure_is_proposed_for_every_input_output_and_outcome_once(cast: Cast, action: StrategicAction):
    for part in Part:
        lines(cast, action, part, f"Line of {part}")
    ana = signed_in(cast.ana)
    assert "5 lines have no measure" in page(cast, f"{HOME}measures/")
    ana.post(f"{HOME}measures/propose/")
    ana.post(f"{HOME}measures/propose/")
    rows = Measure.objects.select_related("item")
    assert {row.name for row in rows} == {f"Line of {part}" for part in Part if part != Part.ACTIVITY}
    assert len(rows) == 5
    assert {row.history.get().history_user for row in rows} == {cast.ana}
    # One that is set aside may be proposed anew.
    ana.post(f"{HOME}measures/{rows[0].pk}/aside/")
    ana.post(f"{HOME}measures/propose/")
    assert Measure.objects.kept().count() == 5


def test_nothing_is_proposed_below_what_is_set_aside(cast: Cast, action: StrategicAction):
    lines(cast, action, Part.OUTPUT, "Cases")
    ana = signed_in(cast.ana)
    ana.post(f"{HOME}actions/{action.pk}/aside/")
    ana.post(f"{HOME}measures/propose/")
    assert not Measure.objects.exists()


def test_a_measure_takes_numbers_as_people_type_them(cast: Cast, action: StrategicAction):
    [line] = lines(cast, action, Part.SHORT, "Fewer filings")
    sent = {
        "name": "Filings",
        "unit": "$",
        "baseline": "$1,250.50",
        "baseline_on": "2026-01-01",
        "better": "down",
        "target": "900",
        "target_on": "2030-01-01",
        "frequency": "yearly",
        "source": "Court",
    }
    signed_in(cast.ana).post(f"{HOME}items/{line.pk}/measure/", sent)
    row = Measure.objects.get()
    assert (row.baseline, row.target) == (Decimal("1250.5"), Decimal(900))
    html = page(cast, f"{HOME}measures/{row.pk}/")
    assert "$1,250.5 (Jan 1, 2026)" in html
    assert 'value="1250.5"' in page(cast, f"{HOME}measures/{row.pk}/edit/")
    # Saved again as it is shown, nothing has changed.
    again = {**sent, "baseline": "1250.5", "version": 1}
    signed_in(cast.ana).post(f"{HOME}measures/{row.pk}/edit/", again)
    assert Measure.objects.get().version == 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"baseline": "many"}, "Type a number"),
        ({"target": "1e9"}, "Type a number"),
        ({"better": "sideways"}, "Select a valid choice"),
        ({"frequency": "often"}, "Select a valid choice"),
        ({"baseline_on": "2027-01-01", "target_on": "2027-01-01"}, "must come after"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_bad_input_for_a_measure_gets_a_message_and_changes_nothing(
    cast: Cast, action: StrategicAction, bad: dict[str, str], words: str
):
    [line] = lines(cast, action, Part.SHORT, "Fewer filings")
    answer = signed_in(cast.ana).post(f"{HOME}items/{line.pk}/measure/", {"name": "Filings", **bad})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert not Measure.objects.exists()


def test_values_over_time_are_drawn_and_tell_how_the_measure_stands(cast: Cast, measure: Measure):
    ana, url = signed_in(cast.ana), f"{HOME}measures/{measure.pk}/"
    assert "There is no value after the baseline yet." in page(cast, url)
    assert ana.post(url, {"on": "2026-07-01", "value": "500", "note": "A bad spring"}).status_code == HTTPStatus.FOUND
    view = strategy(cast.larkspur, TODAY).measures[0]
    assert view.state == "behind"
    assert view.sentence == (
        "500 filings on Jul 1, 2026; the straight line to the target asks for 460 filings on that day."
    )
    html = page(cast, url)
    assert "<svg" in html
    assert "A bad spring" in html
    ana.post(url, {"on": "2026-11-01", "value": "400"})
    assert strategy(cast.larkspur, TODAY).measures[0].state == "on_track"
    # Yearly values, and none for two years and more.
    late = strategy(cast.larkspur, datetime.date(2029, 1, 1)).measures[0]
    assert late.state == "no_data"
    assert late.sentence.startswith("The last value, 400 filings, is of Nov 1, 2026")
    assert "On track</span>" in page(cast, f"{HOME}measures/?state=on_track")
    assert "No measure is in this state." in page(cast, f"{HOME}measures/?state=behind")
    assert "Filings" in page(cast, f"{HOME}measures/?state=odd")


def test_a_day_has_one_value_which_can_be_corrected_and_set_aside(cast: Cast, measure: Measure):
    ana, url = signed_in(cast.ana), f"{HOME}measures/{measure.pk}/"
    ana.post(url, {"on": "2026-07-01", "value": "500"})
    again = ana.post(url, {"on": "2026-07-01", "value": "480"})
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "has a value for that day already" in again.content.decode()
    assert 'value="480"' in again.content.decode()
    first = ProgressEntry.objects.get()
    ana.post(url, {"on": "2026-08-01", "value": "470"})
    second = ProgressEntry.objects.get(value=470)
    taken = ana.post(f"{HOME}progress/{second.pk}/", {"version": 1, "on": "2026-07-01", "value": "471"})
    assert taken.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="471"' in taken.content.decode()
    ana.post(f"{HOME}progress/{first.pk}/", {"version": 1, "on": "2026-07-01", "value": "490"})
    first.refresh_from_db()
    assert first.value == Decimal(490)
    ana.post(f"{HOME}progress/{first.pk}/aside/")
    assert ana.post(url, {"on": "2026-07-01", "value": "488"}).status_code == HTTPStatus.FOUND
    # Its day is taken by now: it stays aside, and the page says why.
    answer = ana.post(f"{HOME}progress/{first.pk}/aside/", {"back": "1"}, follow=True)
    assert "has a value for that day already" in answer.content.decode()
    first.refresh_from_db()
    assert first.set_aside is True
    ana.post(f"{HOME}progress/{second.pk}/aside/")
    ana.post(f"{HOME}progress/{second.pk}/aside/", {"back": "1"})
    second.refresh_from_db()
    assert second.set_aside is False


@pytest.mark.parametrize("bad", [{"value": ""}, {"value": "lots"}, {"on": ""}, {"on": "2026-13-01"}])
def test_a_bad_value_gets_a_message_and_changes_nothing(cast: Cast, measure: Measure, bad: dict[str, str]):
    sent = {"on": "2026-07-01", "value": "500", **bad}
    answer = signed_in(cast.ana).post(f"{HOME}measures/{measure.pk}/", sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not ProgressEntry.objects.exists()


def test_a_target_worse_than_its_baseline_is_told_on_its_page(cast: Cast, measure: Measure):
    sent = {"version": 1, "name": "Filings", "better": "up", "baseline": "490", "target": "245"}
    signed_in(cast.ana).post(f"{HOME}measures/{measure.pk}/edit/", sent)
    assert "worse than the baseline" in page(cast, f"{HOME}measures/{measure.pk}/")


# --- Drawing, files, document -----------------------------------------------------------------------------


def test_the_drawing_can_be_read_without_seeing_it(cast: Cast, action: StrategicAction):
    lines(cast, action, Part.INPUT, "Two mediators", "A fund.")
    lines(cast, action, Part.LONG, "Homes kept")
    html = page(cast, f"{HOME}diagram/")
    assert "1.1 Settle debts: Inputs: Two mediators; A fund. Long-term outcomes: Homes kept." in html
    assert 'aria-describedby="words-' in html


def test_what_is_taken_along_holds_everything_and_no_formula(cast: Cast, action: StrategicAction, measure: Measure):
    lines(cast, action, Part.OUTPUT, "=SUM(A1)")
    values = {"on": datetime.date(2026, 7, 1), "value": Decimal("-12.5"), "note": "@home"}
    services.add_progress(municipality=cast.larkspur, measure=measure.pk, values=values, by=cast.ana)

    def table(kind: str) -> list[dict[str, str]]:
        text = signed_in(cast.vera).get(f"{HOME}{kind}/export.csv").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    assert table("actions")[0]["action"] == "Settle debts"
    assert [row["text"] for row in table("logic")] == ["'=SUM(A1)", "Fewer filings"]
    assert table("measures")[0] | {"baseline": "490", "state": "on_track"} == table("measures")[0]
    assert (table("progress")[0]["value"], table("progress")[0]["note"]) == ("-12.5", "'@home")
    assert signed_in(cast.vera).get(f"{HOME}odd/export.csv").status_code == HTTPStatus.NOT_FOUND


def test_the_plan_shows_actions_drawing_and_measures_and_only_partners_who_agreed(
    cast: Cast, action: StrategicAction, measure: Measure
):
    before = plan_document(cast.larkspur)
    for name, listed in (("Open League", True), ("Shy League", False)):
        partner = factories.partner(cast.larkspur, name=name, listed=listed)
        services.set_partner(municipality=cast.larkspur, action=action.pk, partner=partner.pk, joins=True, by=cast.ana)
    url = f"{HOME}actions/{action.pk}/edit/"
    sent = {"version": 3, "title": action.title, "priority_id": action.priority_id, "lead": "ben@larkspur.example"}
    assert signed_in(cast.ana).post(url, sent).status_code == HTTPStatus.FOUND
    document = plan_document(cast.larkspur)
    assert document.created > before.created
    facts = dict(document.priorities[0].actions[0].facts)
    assert facts["Partners"] == "Open League"
    assert facts["Lead"] == cast.ben.name
    html = document_html(document)
    for words in ("Priority 1: Homes", "1.1 Settle debts", "Logic model of priority 1", "490 filings (Jan 1, 2026)"):
        assert words in html
    assert "Shy League" not in html
    assert "@larkspur" not in html


def test_hostile_words_are_inert_on_page_drawing_and_document(cast: Cast, priority: Priority):
    bad = "<script>alert(1)</script>"
    values = dict.fromkeys(("title", "lead", "resources", "evidence", "equity"), bad)
    row = services.add_action(municipality=cast.larkspur, values={**values, "priority_id": priority.pk}, by=cast.ana)
    [line] = lines(cast, row, Part.OUTPUT, bad)
    told = {"name": bad, "unit": "<b>", "source": bad, "collector": bad, "detail": bad}
    measured = services.add_measure(municipality=cast.larkspur, item=line.pk, values=told, by=cast.ana)
    said = {"on": TODAY, "value": Decimal(1), "note": bad}
    services.add_progress(municipality=cast.larkspur, measure=measured.pk, values=said, by=cast.ana)
    urls = [HOME, f"{HOME}diagram/", f"{HOME}measures/", f"{HOME}measures/{measured.pk}/", f"{HOME}actions/{row.pk}/"]
    for html in (*(page(cast, url) for url in urls), document_html(plan_document(cast.larkspur))):
        assert bad not in html
        assert "<b>" not in html
        assert "&lt;script&gt;" in html


# --- Queries ----------------------------------------------------------------------------------------------

# Those of one thing ask who wrote it last, an action also who wrote its lines.
PAGES = {"": 12, "diagram/": 12, "measures/": 12, "actions/{action}/": 14, "measures/{measure}/": 13}


@pytest.mark.parametrize("url", PAGES)
def test_the_number_of_queries_does_not_grow(
    cast: Cast, action: StrategicAction, measure: Measure, url: str, django_assert_num_queries: DjangoAssertNumQueries
):
    ana: Client = signed_in(cast.ana)
    path = HOME + url.format(action=action.pk, measure=measure.pk)
    partner = factories.partner(cast.larkspur, name="Partner")
    services.set_partner(municipality=cast.larkspur, action=action.pk, partner=partner.pk, joins=True, by=cast.ana)
    ana.get(path)
    with django_assert_num_queries(PAGES[url]):
        ana.get(path)
    for n in range(4):
        priority = services.add_priority(municipality=cast.larkspur, values={"title": f"Priority {n}"}, by=cast.ben)
        partner = factories.partner(cast.larkspur, name=f"Partner {n}")
        for m in range(3):
            values: dict[str, Any] = {"title": f"Action {m}", "priority_id": priority.pk, "lead": "Ben"}
            row = services.add_action(municipality=cast.larkspur, values=values, by=cast.ben)
            lines(cast, row, Part.OUTPUT, "One", "Two")
            services.set_partner(municipality=cast.larkspur, action=row.pk, partner=partner.pk, joins=True, by=cast.ana)
    services.propose_measures(municipality=cast.larkspur, by=cast.ben)
    for one in Measure.objects.all():
        said = {"on": TODAY, "value": Decimal(3)}
        services.add_progress(municipality=cast.larkspur, measure=one.pk, values=said, by=cast.ben)
    with django_assert_num_queries(PAGES[url]):
        ana.get(path)


def test_who_set_things_aside_is_asked_once_however_many_they_are(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
):
    ben: Client = signed_in(cast.ben)
    values = [{"title": f"Priority {n}"} for n in range(4)]
    one, *others = [services.add_priority(municipality=cast.larkspur, values=said, by=cast.ana) for said in values]
    ben.post(f"{HOME}priorities/{one.pk}/aside/")
    ben.get(HOME)
    with django_assert_num_queries(11):
        html = ben.get(HOME).content.decode()
    assert "Ben Carter" in html[html.index("Priorities set aside (1)") :]
    for row in others:
        ben.post(f"{HOME}priorities/{row.pk}/aside/")
    with django_assert_num_queries(11):
        assert "Priorities set aside (4)" in ben.get(HOME).content.decode()
