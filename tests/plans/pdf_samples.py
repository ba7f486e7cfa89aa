# ruff: noqa: E501 -- the lines are prose
"""Two made-up plans as documents: a small one as a council would read it, and a hard one to break the engine."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from coalition.queries import coverage_of
from plans import outline
from plans.composition import covered
from plans.export.document import Action, Condition, Determination, Document, Evidence, Partner, Section, Step, Verdict
from readiness import instrument

PROSE = {
    "letter": """To the people of Larkspur,

Too many families here work hard and still do not get ahead. In the past year we met with **more than 400 residents**
in church halls, at the library and on front porches. They told us what stands in the way, and what would help.

This plan is our answer. We will measure what we do, publish it twice a year, and change course where it does not work.

*Dana Whitfield, Mayor*
""",
    "summary": """## Where we stand

Four of ten children in Larkspur grow up in a household that spends more than half its income on rent. See the
[housing report of the county](https://example.gov/reports/2026/housing-needs-assessment-full-report.pdf).

## Our priorities

1. Homes that working families can afford, near transit.
2. Early learning for every child:
   - places for 300 more three-year-olds,
   - pay that keeps teachers.
3. Jobs that pay a living wage.

## How progress is measured

| Measure | Baseline | Target |
|:--|--:|--:|
| Households spending over half their income on rent | 38% | 30% |
| Three- and four-year-olds in preschool | 41% | 60% |
| Share of jobs that pay a living wage | 0.82 | 1.00 |
""",
    "approach": """Mobility from poverty has three parts: **economic success**, **power and autonomy**, and **being valued
in community**. A plan that raises incomes and leaves people without a say has done a third of its work.

> "Ask us before you decide, not after." A resident at the Eastside data walk
""",
    "coalition": "The coalition meets on the second Tuesday of each month. Its meetings are open.",
    "vision": "By 2035 a child's start in life no longer decides where in Larkspur that child can live, learn and work.",
    "appendices": "Minutes of all meetings are at [the city's website](https://example.gov/mobility).",
}
PARTNERS = (
    Partner("City of Larkspur", ("Ana Reyes (Project lead)",), "Local government", "Committed", "committed"),
    Partner(
        "Larkspur County",
        ("Joel Adeyemi (Data lead)", "Ruth Okafor (Stakeholder partner)"),
        "Other governments in the region",
        "Committed",
        "committed",
    ),
    Partner(
        "St. Brigid Hospital",
        ("Mei Tanaka (Stakeholder partner)",),
        "Anchor institutions (hospital, university)",
        "In conversation",
        "in_conversation",
    ),
    Partner(
        "Eastside Neighbors United",
        ("Rosa Delgado (Champion)",),
        "Nonprofits and community-based organizations",
        "Committed",
        "committed",
    ),
    Partner("Larkspur Community Foundation", (), "Philanthropy", "Asked", "asked"),
    Partner(
        "Terrence Boyd", ("Terrence Boyd (Champion)",), "Residents with lived experience", "Identified", "identified"
    ),
)
COVERAGE = coverage_of(
    [
        ("local_government", ("neighborhoods", "governance"), "committed", 1),
        ("other_government", ("health",), "committed", 12),
        ("anchor", ("health", "work"), "in_conversation", 1),
        ("nonprofit", ("neighborhoods",), "committed", 1),
        ("philanthropy", ("education",), "asked", 1),
        ("residents", (), "identified", 1),
    ]
)


def small() -> Document:
    """A draft plan, prepared for a council, as a place mid-way would have it."""
    return Document(
        place="City of Larkspur",
        state_line="State of Ohio",
        title="Mobility Action Plan",
        date="Nov 24, 2026",
        created=datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
        status="Draft: 2 of 14 sections are approved",
        is_draft=True,
        verdict=Verdict(
            "prepare",
            "Prepare",
            "4 of 9 conditions are met. That is at least the 3 needed to prepare but fewer than the 7 needed to proceed.",
            "This is provisional: 5 steps are not answered yet and count as not in place.",
        ),
        determination=Determination(
            "proceed",
            "Proceed",
            "The council funded the two missing posts on Nov 17.\n\nWe start with housing and early learning, and bring in data skills along the way.",
            "Dana Whitfield",
            "Mayor",
            "Nov 20, 2026",
            "This differs from the recommendation, which is to prepare.",
        ),
        sections=_sections(PROSE),
        conditions=_conditions(),
        explanation=(
            "4 of 9 conditions are met.",
            "That is at least the 3 needed to prepare but fewer than the 7 needed to proceed, so the recommendation is to prepare.",
            "3 more conditions met would raise it to proceed.",
            "Nearest to being met: Culture (1 step left), Data (1 step left), Engagement (1 step left).",
        ),
        actions=(Action("Hold two lunch sessions", "Staff buy-in", "Ben Carter", "Jan 5, 2027", "Doing", "under_way"),),
        gaps=("Culture: 1 step left", "Data: 1 step left", "Engagement: 1 step left"),
        roster=PARTNERS,
        unlisted="3 more take part or have been asked and are not named here.",
        coverage=("6 of 12 sectors are at the table.", *COVERAGE.missing),
        covered=covered(COVERAGE),
        pillars=COVERAGE.pillars,
        sources=(
            "Boosting Upward Mobility: A Planning Guide for Local Action, Urban Institute.",
            "Larkspur County housing needs assessment, 2026.",
        ),
    )


def approved() -> Document:
    """The same plan after its approval, on A4."""
    return replace(small(), is_draft=False, status="Approved on Nov 24, 2026", paper="a4")


def hard() -> Document:
    """About 60 pages: tables over pages, lists in lists, quotes, long words and links, other scripts, emoji."""
    body = {section.key: HARD for section in outline.load()}
    rows = tuple(replace(p, name=f"{p.name} {n}") for n in range(12) for p in PARTNERS)
    return replace(small(), sections=_sections(body), roster=rows, place="Ville-des-Érables Ñandú 🎉")


def _sections(bodies: dict[str, str]) -> tuple[Section, ...]:
    return tuple(
        Section(
            s.key, n, s.title, "In review" if s.key in bodies else "Not started", bodies.get(s.key, ""), s.generated
        )
        for n, s in enumerate(outline.load(), start=1)
    )


def _conditions() -> tuple[Condition, ...]:
    statuses = cycle(["in_place", "in_place", "under_way", "not_yet", "in_place", ""])
    found = []
    for number, known in enumerate(instrument.load().conditions):
        met = number in (0, 1, 4, 7)
        steps = tuple(_step(step.key, step.statement, "in_place" if met else next(statuses)) for step in known.steps)
        judged = {"judged": "in_place", "reason": "The new charter already asks for this."} if number == 7 else {}
        found.append(
            Condition(
                known.key,
                known.name,
                known.short,
                f"Guide step {known.guide_step}",
                "in_place" if met and not judged else "partly",
                **judged,
                open_note=""
                if met
                else "We still need a budget line and a person who owns this. The finance office looks at it in January.",
                steps=steps,
            )
        )
    return tuple(found)


def _step(key: str, statement: str, status: str) -> Step:
    note = "Discussed with the department heads on Oct 6; minutes are kept by the clerk." if key.endswith("1") else ""
    shown = Evidence("https://example.gov/council/resolutions/2026-114", "verified by Joy Okafor, Oct 6, 2026")
    evidence = (shown, Evidence("Minutes.pdf")) if status == "in_place" and key[-1] in "12" else ()
    return Step(
        key,
        statement,
        status,
        note,
        evidence,
        "Ben Carter" if status != "in_place" else "",
        "Jan 15, 2027" if status == "under_way" else "",
    )


HARD = (
    """# A first heading
##### A heading that skips four levels

Text with **bold**, *slanted*, ***both*** and `code`, a [**bold** link](https://example.org/a?b=1&c=2), a bare address
<https://example.org/a/very/long/path/that/does/not/want/to/break/anywhere/at/all/but/must/because/paper/is/only/so/wide.html>
and a picture ![of the river walk](https://example.org/walk.png).

- tight
  - nested
    1. deeper
    2. and more
- tight again

1. loose, first paragraph

   second paragraph of the same item

   > a quote in a list

       code in a list

2. loose

   | a table | in a list |
   |---|---|
   | yes | it is |

- [a link alone](https://example.org/)
-

| Measure | Baseline | Target | Source |
|:--|--:|:-:|---|
"""
    + "".join(
        f"| Measure {n} with a name that runs over the line | {n}% | {n + 5}% | [source {n}](https://example.org/{n}) |\n"
        for n in range(24)
    )
    + """| | | | |

עברית: תוכנית לפעולה (2026). العربية: خطة عمل ٢٠٢٦. Ελληνικά, Кириллица, हिन्दी, Tiếng Việt, Łódź, İstanbul. 中文 🎉 👩‍💻 → ✓ ½ © “quotes” ‑ dash
"""
    + "Wordwithoutend" * 60
    + """

***

### Another heading

"""
    + "A plain sentence that fills the page and means nothing much, again and again. " * 30
    + "\n\n"
)
