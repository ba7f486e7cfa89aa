"""Order, standing, gaps, drawing and chart of a strategy, from plain values."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules import chart as charts
from strategy.rules import diagram, gaps, order
from strategy.rules.chart import chart
from strategy.rules.diagram import Row, sheets, wrap
from strategy.rules.gaps import Action, Gap, Item, Measure
from strategy.rules.progress import Goal, Point, State, Why, expected, standing

# --- Order ------------------------------------------------------------------------------------------------

GROUPS = {"a": [1, 2], "b": [], "c": [3]}


@pytest.mark.parametrize(
    ("pk", "by", "after"),
    [
        (2, -1, {"a": [2, 1], "b": [], "c": [3]}),
        (1, 1, {"a": [2, 1], "b": [], "c": [3]}),
        (2, 1, {"a": [1], "b": [2], "c": [3]}),
        (3, -1, {"a": [1, 2], "b": [3], "c": []}),
        (1, -1, GROUPS),
        (3, 1, GROUPS),
        (9, 1, GROUPS),
    ],
)
def test_a_row_steps_through_its_group_and_on_into_the_next(pk: int, by: int, after: dict[str, list[int]]):
    assert order.step(GROUPS, pk, by) == after


def test_a_row_enters_the_next_group_at_the_near_end():
    assert order.step({"a": [1], "b": [2, 3]}, 1, 1) == {"a": [], "b": [1, 2, 3]}
    assert order.step({"a": [1, 2], "b": [3]}, 3, -1) == {"a": [1, 2, 3], "b": []}


def test_a_row_is_put_before_another_or_at_the_end():
    assert order.put(GROUPS, 3, "a", 2) == {"a": [1, 3, 2], "b": [], "c": []}
    assert order.put(GROUPS, 1, "a", None) == {"a": [2, 1], "b": [], "c": [3]}
    assert order.put(GROUPS, 1, "c", 99) == {"a": [2], "b": [], "c": [3, 1]}


SIZES = st.lists(st.integers(0, 4), min_size=1, max_size=4)


@given(SIZES, st.integers(0, 20), st.sampled_from([-1, 1]))
def test_no_step_loses_a_row_and_the_way_back_leads_back(sizes: list[int], pk: int, by: int):
    numbers = iter(range(100))
    groups = {n: [next(numbers) for _ in range(size)] for n, size in enumerate(sizes)}
    moved = order.step(groups, pk, by)
    assert sorted(n for rows in moved.values() for n in rows) == sorted(n for rows in groups.values() for n in rows)
    assert moved == groups or order.step(moved, pk, -by) == groups


# --- Standing ---------------------------------------------------------------------------------------------

START, END = datetime.date(2026, 1, 1), datetime.date(2030, 1, 1)
HALF = datetime.date(2028, 1, 1)
DOWN = Goal("down", Decimal(490), START, Decimal(245), END)


def at(on: datetime.date, value: float | str) -> Point:
    return Point(on, Decimal(str(value)))


@pytest.mark.parametrize(
    ("goal", "points", "today", "state", "why"),
    [
        (replace(DOWN, baseline=None), [], HALF, State.NO_DATA, Why.NO_BASELINE),
        (replace(DOWN, baseline_on=None), [], HALF, State.NO_DATA, Why.NO_BASELINE),
        (replace(DOWN, target=None), [], HALF, State.NO_DATA, Why.NO_TARGET),
        (replace(DOWN, target_on=None), [], HALF, State.NO_DATA, Why.NO_TARGET),
        (DOWN, [], HALF, State.NO_DATA, Why.NO_VALUE),
        # The baseline's own day says nothing of progress, and neither does a value to come.
        (DOWN, [at(START, 1)], HALF, State.NO_DATA, Why.NO_VALUE),
        (DOWN, [at(END, 1)], HALF, State.NO_DATA, Why.NO_VALUE),
        (DOWN, [at(HALF, 367)], HALF, State.ON_TRACK, Why.LINE),
        (DOWN, [at(HALF, 368)], HALF, State.BEHIND, Why.LINE),
        # The newest counts, however good an older one was.
        (DOWN, [at(HALF, 400), at(datetime.date(2027, 1, 1), 100)], HALF, State.BEHIND, Why.LINE),
        # After its end the line is level.
        (DOWN, [at(datetime.date(2031, 1, 1), 245)], datetime.date(2031, 1, 1), State.ON_TRACK, Why.LINE),
        (DOWN, [at(datetime.date(2031, 1, 1), 246)], datetime.date(2031, 1, 1), State.BEHIND, Why.LINE),
        (replace(DOWN, every=31), [at(HALF, 300)], HALF + datetime.timedelta(62), State.ON_TRACK, Why.LINE),
        (replace(DOWN, every=31), [at(HALF, 300)], HALF + datetime.timedelta(63), State.NO_DATA, Why.STALE),
        # To hold a level: as `better` says.
        (Goal("up", Decimal(5), START, Decimal(5), END), [at(HALF, 6)], HALF, State.ON_TRACK, Why.LINE),
        (Goal("up", Decimal(5), START, Decimal(5), END), [at(HALF, 4)], HALF, State.BEHIND, Why.LINE),
        (Goal("down", Decimal(5), START, Decimal(5), END), [at(HALF, 6)], HALF, State.BEHIND, Why.LINE),
    ],
)
def test_how_a_measure_stands(goal: Goal, points: list[Point], today: datetime.date, state: State, why: Why):
    found = standing(goal, points, today)
    assert (found.state, found.why) == (state, why)


NUMBERS = st.decimals(min_value=-10_000, max_value=10_000, places=2)
DAYS = st.dates(START + datetime.timedelta(1), END)


@given(NUMBERS, NUMBERS, DAYS, NUMBERS, NUMBERS)
def test_a_better_value_never_falls_behind(start: Decimal, end: Decimal, on: datetime.date, one: Decimal, two: Decimal):
    goal = Goal("", start, START, end, END)
    worse, better = sorted([one, two], reverse=not goal.rising)
    states = [standing(goal, [Point(on, value)], END).state for value in (worse, better)]
    assert states != [State.ON_TRACK, State.BEHIND]


@given(NUMBERS, NUMBERS, DAYS)
def test_what_stands_on_the_line_is_on_track_and_the_line_stays_between_its_ends(
    start: Decimal, end: Decimal, on: datetime.date
):
    asked = expected(start, START, end, END, on)
    assert min(start, end) <= asked <= max(start, end)
    assert standing(Goal("", start, START, end, END), [Point(on, asked)], END).state is State.ON_TRACK


def test_the_line_begins_at_the_baseline_and_is_told_with_few_decimals():
    assert expected(Decimal(490), START, Decimal(245), END, START) == Decimal(490)
    assert DOWN.rounded(Decimal("439.6612")) == Decimal(440)
    assert replace(DOWN, baseline=Decimal("4.15")).rounded(Decimal("3.8765")) == Decimal("3.9")
    assert replace(DOWN, baseline=None, target=None).rounded(Decimal("3.8")) == Decimal(4)


@pytest.mark.parametrize(
    ("better", "start", "end", "backwards"),
    [("down", 4, 3, False), ("down", 3, 4, True), ("up", 4, 3, True), ("up", 3, 4, False), ("", 3, 4, False)],
)
def test_a_target_worse_than_its_baseline_is_told(better: str, start: int, end: int, *, backwards: bool):
    assert Goal(better, Decimal(start), START, Decimal(end), END).backwards is backwards
    assert Goal(better, None, START, Decimal(end), END).backwards is False


# --- Gaps -------------------------------------------------------------------------------------------------

WHOLE = Action(1, 1, led=True, findings=frozenset({7}), systems=True, dated=True)
LINES = (Item(1, 1, "activity", 0), Item(2, 1, "output", 1), Item(3, 1, "long", 2))


def lacks(
    *actions: Action, priorities: tuple[int, ...] = (1, 1, 1), lines: tuple[Item, ...] = LINES, **more: tuple
) -> list[Gap]:
    return gaps.gaps(priorities, actions, lines, more.get("measures", ()), more.get("findings", (7,)))


def test_a_whole_strategy_lacks_nothing():
    assert lacks(WHOLE, measures=(Measure(1, aimed=True, backwards=False),)) == []


def test_how_many_priorities_there_should_be():
    assert gaps.gaps([], [], [], [], []) == [Gap("none")]
    assert lacks(WHOLE, priorities=(1,)) == [Gap("few", count=1)]
    assert Gap("many", count=6) in lacks(WHOLE, priorities=(1, 2, 3, 4, 5, 6))
    assert Gap("idle", 2) in lacks(WHOLE, priorities=(1, 2, 1))


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"led": False}, Gap("unled", 1)),
        ({"dated": False}, Gap("undated", 1)),
        ({"systems": False}, Gap("programs")),
    ],
)
def test_what_an_action_lacks(change: dict[str, Any], gap: Gap):
    assert lacks(replace(WHOLE, **change)) == [gap]


def test_an_action_that_changes_nothing_is_named_beside_one_that_does():
    assert lacks(WHOLE, replace(WHOLE, systems=False)) == [Gap("unchanging", 1)]


def test_findings_and_actions_answer_each_other():
    assert lacks(replace(WHOLE, findings=frozenset())) == [Gap("unanswered", 7), Gap("pointless", 1)]
    assert lacks(WHOLE, findings=(7, 8)) == [Gap("unanswered", 8)]


def test_lines_want_measures_and_actions_outcomes():
    bare = (Item(1, 1, "activity", 0), Item(2, 1, "output", 0), Item(3, 1, "input", 0))
    assert lacks(WHOLE, lines=bare) == [Gap("fruitless", 1), Gap("unmeasured", 2), Gap("unmeasured", 3)]


def test_measures_want_a_target_in_the_right_direction():
    aimless, backwards = Measure(1, aimed=False, backwards=False), Measure(2, aimed=True, backwards=True)
    assert lacks(WHOLE, measures=(aimless, backwards)) == [Gap("aimless", 1), Gap("backwards", 2)]


# --- Drawing ----------------------------------------------------------------------------------------------

COLUMNS = ("Inputs", "Activities", "Outputs", "Short", "Medium", "Long")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300).filter(str.strip)
ROWS = st.builds(Row, TEXTS, st.lists(st.lists(TEXTS, max_size=3), min_size=6, max_size=6))


@given(st.lists(ROWS, max_size=4))
def test_every_word_is_drawn_inside_its_box_and_no_boxes_touch(rows: list[Row]):
    drawn = [(sheet, row) for sheet in sheets(COLUMNS, rows) for row in sheet.rows]
    assert len(drawn) == len(rows)
    for wanted, (sheet, row) in zip(rows, drawn, strict=True):
        texts = [text for column in wanted.columns for text in column]
        assert ["".join(box.lines).replace(" ", "") for box in row.boxes] == ["".join(text.split()) for text in texts]
        for box in row.boxes:
            assert box.x >= 0
            assert box.x + box.width <= diagram.WIDTH + 0.01
            assert box.y + box.height <= sheet.height + 0.01
            assert all(box.y < foot <= box.y + box.height for foot, _line in box.placed)
        for n, one in enumerate(row.boxes):
            for two in row.boxes[n + 1 :]:
                apart = one.x + one.width <= two.x or one.y + one.height <= two.y
                assert apart, (one, two)


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_a_sheet_is_no_higher_than_a_page_unless_one_row_is(rows: list[Row]):
    for sheet in sheets(COLUMNS, rows):
        assert sheet.height <= diagram.HEIGHT or len(sheet.rows) == 1


def test_rows_stand_below_each_other_and_an_arrow_leads_over_an_empty_column():
    one = Row("1.1 Settle", (("Mediators",), (), ("500 cases",), (), (), ()))
    [sheet] = sheets(COLUMNS, [one, one])
    first, second = sheet.rows
    assert second.y > first.y
    assert second.boxes[0].y > first.boxes[0].y + first.boxes[0].height
    [arrow] = first.arrows
    assert first.boxes[0].x + first.boxes[0].width < arrow.start < arrow.end < first.boxes[1].x
    assert first.boxes[1].x > arrow.end
    assert sheets(COLUMNS, [Row("Bare", ((),) * 6)])[0].rows[0].arrows == ()
    assert sheet.view == f"-1 0 650 {sheet.height + 2:g}"


def test_long_words_break_and_wide_letters_take_more_room():
    assert len(wrap("x" * 1000, 100, 7.5)) > 40
    assert len(wrap("字" * 40, 100, 7.5)) > len(wrap("i" * 40, 100, 7.5))
    assert wrap("e\u0301" * 5, 100, 7.5) == ("e\u0301" * 5,)
    assert wrap("", 100, 7.5) == ("",)


# --- Chart ------------------------------------------------------------------------------------------------


def test_a_chart_wants_two_points_at_least():
    assert chart(Goal("", None, None, None, None), []) is None
    assert chart(replace(DOWN, target=None), [at(HALF, 1)]) is None


def test_a_chart_has_its_line_its_points_and_its_scale():
    found = chart(DOWN, [at(HALF, 500), at(datetime.date(2027, 1, 1), 245)])
    assert found
    assert found.line
    assert [dot.on.year for dot in found.dots] == [2027, 2028]
    assert [dot.value for dot in found.marks] == [Decimal(245), Decimal(500)]
    assert [dot.on for dot in found.days] == [START, END]
    assert found.path.count(",") == 2
    assert (found.line[0].x, found.line[1].x) == (charts.LEFT, found.right)
    assert found.line[1].y == found.foot


def test_a_chart_of_values_alone_and_of_one_level_and_of_one_day():
    bare = Goal("", None, None, None, None)
    level = chart(bare, [at(START, 5), at(HALF, 5)])
    assert level
    assert level.line is None
    assert len(level.marks) == 1
    once = chart(bare, [at(START, 5), at(START, 6)])
    assert once
    assert len(once.days) == 1


@given(st.lists(st.tuples(DAYS, NUMBERS), min_size=1, max_size=12))
def test_nothing_is_drawn_outside_of_the_chart(values: list[tuple[datetime.date, Decimal]]):
    found = chart(DOWN, [Point(on, value) for on, value in values])
    assert found
    assert found.line
    for dot in (*found.dots, *found.line):
        assert found.left <= dot.x <= found.right
        assert charts.TOP <= dot.y <= found.foot
