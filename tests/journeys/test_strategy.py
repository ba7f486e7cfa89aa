"""From the first priority to a measure that is on track, in a real browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from findings.models import Finding
from municipalities.entries import add_entry, change_entry
from strategy import services
from strategy.models import LogicItem, Part, ProgressEntry, StrategicAction
from tests.conftest import Cast
from tests.journeys.conftest import follow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def texts(part: Part) -> list[str]:
    return list(LogicItem.objects.filter(part=part).order_by("place").values_list("text", flat=True))


def filled(cast: Cast) -> StrategicAction:
    priority = services.add_priority(municipality=cast.larkspur, values={"title": "Homes"}, by=cast.ana)
    values = {"title": "Settle debts", "priority_id": priority.pk}
    action = services.add_action(municipality=cast.larkspur, values=values, by=cast.ana)
    for part, lines in ((Part.INPUT, ["Money", "People"]), (Part.OUTPUT, ["Cases settled"])):
        services.add_items(municipality=cast.larkspur, action=action.pk, part=part, texts=lines, by=cast.ana)
    return action


def test_from_the_first_priority_to_a_measure_on_track(cast: Cast, sign_in: Any, axe: Any):
    add_entry(Finding, municipality=cast.larkspur, values={"text": "Filings cluster on the East Side"}, by=cast.ben)
    ana = sign_in(cast.ana)
    ana.goto("/larkspur/plan/")
    follow(ana.get_by_role("navigation", name="What the plan is made of").get_by_role("link", name="Actions"))
    follow(ana.get_by_role("link", name="Name the first priority"))
    ana.get_by_label("Priority").fill("Homes people can keep")
    ana.get_by_label(re.compile("^Goal")).fill("Half as many families lose their homes by 2029.")
    follow(ana.get_by_role("button", name="Add a priority"))
    follow(ana.get_by_role("link", name="Add an action here"))
    ana.get_by_label("What is done").fill("Settle rent debts before court")
    ana.get_by_label(re.compile("^Lead")).fill("Housing")
    ana.get_by_text("Filings cluster on the East Side").click()
    ana.get_by_text("Policies", exact=True).click()
    follow(ana.get_by_role("button", name="Add an action"))
    expect(ana.get_by_role("heading", level=1)).to_have_text("1.1 Settle rent debts before court")

    # The logic model, by keyboard alone: three parts, the last with two lines at once.
    for part, lines in (("inputs", "Two mediators"), ("outputs", "500 cases"), ("short-term outcomes", "A\nB")):
        ana.get_by_text(f"Add to {part}", exact=True).focus()
        ana.keyboard.press("Enter")
        ana.keyboard.press("Tab")
        ana.keyboard.insert_text(lines)
        ana.keyboard.press("Tab")
        with ana.expect_navigation():
            ana.keyboard.press("Enter")
        expect(ana.get_by_role("region", name="Messages").or_(ana.locator(".mp-messages"))).to_contain_text("added")
    assert axe(ana) == []
    follow(ana.get_by_role("link", name="See it drawn"))
    drawing = ana.get_by_role("img", name="Logic model of priority 1, Homes people can keep")
    expect(drawing).to_have_accessible_description(
        "1.1 Settle rent debts before court: Inputs: Two mediators. Outputs: 500 cases. Short-term outcomes: A; B."
    )

    # A measure for every line but the activities; one gets its numbers and a first value.
    follow(ana.get_by_role("link", name="Measures", exact=True))
    follow(ana.get_by_role("button", name="Propose the missing measures"))
    expect(ana.get_by_role("row")).to_have_count(5)
    follow(ana.get_by_role("link", name="500 cases"))
    follow(ana.get_by_role("link", name="Change the measure"))
    ana.get_by_label("Which way is better").select_option("More is better")
    for label, value in (("Baseline", "0"), ("Target", "1,000"), ("Unit", "cases")):
        ana.get_by_label(re.compile(f"^{label}")).fill(value)
    ana.get_by_label("Day of the baseline").fill("2026-01-01")
    ana.get_by_label("Day of the target").fill("2030-01-01")
    follow(ana.get_by_role("button", name="Save"))
    expect(ana.locator("main")).to_contain_text("There is no value after the baseline yet.")
    ana.get_by_label("Day it stands for").fill("2026-07-01")
    ana.get_by_label("Value", exact=True).fill("140")
    follow(ana.get_by_role("button", name="Add the value"))
    expect(ana.locator("main")).to_contain_text("the straight line to the target asks for 124 cases")
    expect(ana.locator("main .mp-lead")).to_have_text("On track")
    expect(ana.get_by_role("img", name=re.compile("500 cases: Jul 1, 2026, 140 cases"))).to_be_visible()
    assert axe(ana) == []
    assert ProgressEntry.objects.get().updated_by == cast.ana


def test_lines_move_by_button_and_by_dragging_and_what_is_typed_stays(cast: Cast, sign_in: Any):
    action = filled(cast)
    ana = sign_in(cast.ana)
    ana.goto(f"/larkspur/strategy/actions/{action.pk}/")
    people = ana.locator(".mp-line", has_text="People")
    people.get_by_role("button", name="Move down").click()
    expect(ana.locator("#announce")).to_contain_text("Moved.")
    assert texts(Part.ACTIVITY) == ["People"]
    people.get_by_role("button", name="Move up").click()
    expect(ana.get_by_label("Inputs, line 2")).to_have_value("People")
    # Typed and not saved yet: the move takes along nothing and loses nothing.
    ana.get_by_label("Inputs, line 1").fill("Money for two years")
    people.get_by_role("button", name="Move up").focus()
    ana.keyboard.press("Enter")
    expect(ana.get_by_label("Inputs, line 1")).to_have_value("People")
    expect(ana.get_by_label("Inputs, line 2")).to_have_value("Money for two years")
    expect(people.get_by_role("button", name="Move up")).to_be_focused()
    expect(ana.locator(".js-save-state", has_text="Saved")).to_be_visible()
    assert texts(Part.INPUT) == ["People", "Money for two years"]

    ana.set_viewport_size({"width": 1280, "height": 1600})
    # Dragged by its grip into another part, above the line that is there.
    grip = people.locator(".mp-line__grip")
    target = ana.locator(".mp-line", has_text="Cases settled")
    box, there = grip.bounding_box(), target.bounding_box()
    assert box
    assert there
    ana.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ana.mouse.down()
    ana.mouse.move(there["x"] + 60, there["y"] + 8, steps=12)
    ana.mouse.up()
    expect(ana.get_by_label("Outputs, line 1")).to_have_value("People")
    assert texts(Part.OUTPUT) == ["People", "Cases settled"]
    assert texts(Part.INPUT) == ["Money for two years"]


def test_two_people_on_one_line_lose_nothing(cast: Cast, sign_in: Any, axe: Any):
    action = filled(cast)
    ana = sign_in(cast.ana)
    ana.goto(f"/larkspur/strategy/actions/{action.pk}/")
    row = LogicItem.objects.get(text="Money")
    change_entry(LogicItem, municipality=cast.larkspur, pk=row.pk, seen=1, values={"text": "Ben’s money"}, by=cast.ben)
    ana.get_by_label("Inputs, line 1").fill("Ana’s money")
    panel = ana.locator(f"#conflict-item-{row.pk}")
    expect(panel).to_contain_text("Ben’s money")
    assert axe(ana) == []
    follow(panel.get_by_role("button", name="Save my choice"))
    expect(ana.get_by_label("Inputs, line 1")).to_have_value("Ana’s money")
    assert LogicItem.objects.get(pk=row.pk).text == "Ana’s money"
