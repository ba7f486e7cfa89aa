"""The three-way merge: laws over any texts."""

from hypothesis import given
from hypothesis import strategies as st

from municipalities.rules.merge import Conflict, merge

NAMES = ["status", "note", "owner"]
VALUES = st.sampled_from(["", "a", "b", "c"])
ROWS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
SENT = st.dictionaries(st.sampled_from(NAMES), VALUES)


def test_only_mine_changed_is_stored():
    result = merge(seen={"note": "a"}, mine={"note": "b"}, theirs={"note": "a"})
    assert (result.changes, result.conflicts) == ({"note": "b"}, ())


def test_only_theirs_changed_stays():
    result = merge(seen={"note": "a"}, mine={"note": "a"}, theirs={"note": "b"})
    assert (result.changes, result.conflicts) == ({}, ())


def test_both_changed_alike_is_no_conflict():
    result = merge(seen={"note": "a"}, mine={"note": "b"}, theirs={"note": "b"})
    assert (result.changes, result.conflicts) == ({}, ())


def test_both_changed_otherwise_keeps_both():
    result = merge(seen={"note": "a"}, mine={"note": "b"}, theirs={"note": "c"})
    assert (result.changes, result.conflicts) == ({}, (Conflict("note", mine="b", theirs="c"),))


def test_where_nobody_knows_what_was_seen_every_difference_is_a_conflict():
    result = merge(seen=None, mine={"note": "b", "owner": "x"}, theirs={"note": "a", "owner": "x"})
    assert (result.changes, result.conflicts) == ({}, (Conflict("note", mine="b", theirs="a"),))


@given(seen=st.none() | ROWS, mine=SENT, theirs=ROWS)
def test_no_word_is_lost(seen, mine, theirs):
    """Every value that somebody changed is stored, is stored already, or stands in a conflict, unaltered."""
    result = merge(seen=seen, mine=mine, theirs=theirs)
    kept = {c.field: c for c in result.conflicts}
    outcome = {**theirs, **result.changes}
    for name, value in mine.items():
        untouched = seen is not None and value == seen[name]
        assert untouched or outcome[name] == value or kept[name].mine == value
    for name, value in theirs.items():
        given_up = outcome[name] != value
        assert not given_up or (seen is not None and value == seen[name])
        assert name not in kept or kept[name].theirs == value


@given(seen=st.none() | ROWS, mine=SENT, theirs=ROWS)
def test_what_is_stored_differs_was_sent_and_is_in_no_conflict(seen, mine, theirs):
    result = merge(seen=seen, mine=mine, theirs=theirs)
    assert all(mine[name] == value != theirs[name] for name, value in result.changes.items())
    assert not set(result.changes) & {c.field for c in result.conflicts}
    assert all(c.mine != c.theirs for c in result.conflicts)


@given(seen=ROWS, values=ROWS, split=st.sets(st.sampled_from(NAMES)))
def test_writers_of_different_fields_may_come_in_any_order(seen, values, split):
    first = {name: values[name] for name in NAMES if name in split}
    second = {name: values[name] for name in NAMES if name not in split}

    def both(one, other):
        row = dict(seen)
        for sent in (one, other):
            result = merge(seen=seen, mine=sent, theirs=row)
            assert result.conflicts == ()
            row.update(result.changes)
        return row

    assert both(first, second) == both(second, first) == values


@given(seen=ROWS, mine=SENT, theirs=ROWS)
def test_saving_again_what_was_stored_changes_nothing(seen, mine, theirs):
    result = merge(seen=seen, mine=mine, theirs=theirs)
    stored = {**theirs, **result.changes}
    sent = {name: value for name, value in mine.items() if name in result.changes}
    assert merge(seen=stored, mine=sent, theirs=stored).changes == {}
