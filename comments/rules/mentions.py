"""Who is mentioned in a text: `@` and a member's whole name or e-mail address."""

import re
from collections.abc import Iterable, Mapping


def mentioned(text: str, people: Mapping[int, Iterable[str]]) -> frozenset[int]:
    """
    The ids of the people whose name or address stands in the text behind an `@`, in whatever case.

    `people` has everything that each person is called by. The longest name that fits counts, so that `@Ann Lee` is not
    `@Ann`. An `@` inside an address or a word mentions nobody, nor does a name that goes on.
    """
    called = [(name, person) for person, names in people.items() for name in names if name.strip()]
    if not called:
        return frozenset()
    longest = sorted({name for name, _person in called}, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<![\w@.+-])@({'|'.join(map(re.escape, longest))})(?![\w@])", re.IGNORECASE)
    found = {match[1].casefold() for match in pattern.finditer(text)}
    return frozenset(person for name, person in called if name.casefold() in found)
