"""What the plan's PDF shows, composed from rows and readings of all apps: values in, one Document out."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.queries import Cell, Coverage, Roster
from documents.markdown import named_pictures
from findings.models import Engagement, Source
from findings.queries import FindingLine
from municipalities.wording import day
from plans.data import Owner, as_text, plan_data
from plans.export.document import (
    Action,
    Condition,
    CoverCell,
    DataSource,
    Determination,
    Document,
    Evidence,
    Finding,
    Heard,
    MeasuredPriority,
    Partner,
    PlannedAction,
    PlannedMeasure,
    PlannedPriority,
    Section,
    SectorCover,
    Step,
    Verdict,
)
from plans.models import Section as SectionRow
from plans.parts import Parts
from plans.rules.progress import Progress
from preparedness.models import ActionStatus
from preparedness.queries import ActionLine
from readiness import wording
from readiness.models import Evidence as EvidenceRow
from readiness.queries import Assessment, ConditionView, StepView
from strategy.queries import ActionView, MeasureView, PriorityView
from strategy.wording import STATE_MARKS, STATE_WORDS

# The explanation's lines that stand nowhere else in the document: how far the next level is.
DISTANCE = ("distance", "distance_required")
GUIDE = "Urban Institute, Boosting Upward Mobility: A Planning Guide for Local Action"


def compose(parts: Parts) -> Document:
    """
    The plan as a document.

    It is dated by what it shows, never by the clock: an unchanged plan is the same document tomorrow.
    """
    plan, progress, assessment, coverage = parts.plan, parts.progress, parts.assessment, parts.coverage
    base, strategy = parts.base, parts.strategy
    approvals = [row.approved_at for row in parts.sections if row.approved_at]
    date = day(max(approvals) if progress.complete else parts.changed)
    return Document(
        place=plan.municipality.name,
        state_line=plan.municipality.state,
        title=plan.title,
        date=date,
        created=parts.changed,
        status=_status(progress, date),
        is_draft=not progress.complete,
        verdict=_verdict(assessment),
        determination=_determination(assessment),
        sections=tuple(_section(number, row, parts) for number, row in enumerate(parts.sections, start=1)),
        conditions=tuple(_condition(view, parts.owner) for view in assessment.conditions),
        explanation=_explanation(assessment),
        gaps=_gaps(assessment),
        actions=tuple(_action(line, parts.owner) for line in parts.actions if line.row.status != ActionStatus.DROPPED),
        roster=_partners(parts.roster),
        unlisted=_unlisted(parts.roster),
        coverage=_coverage(coverage),
        covered=covered(coverage),
        pillars=coverage.pillars,
        findings=tuple(_finding(line) for line in base.findings),
        spoken=base.spoken if base.findings else (),
        heard=tuple(_heard(row) for row in base.engagements),
        inventory=tuple(_data(row) for row in base.sources),
        priorities=tuple(_priority(view, parts.owner) for view in strategy.priorities),
        measured=tuple(_measured(view, parts.owner) for view in strategy.priorities if view.measures),
        sources=_sources(assessment),
        data=as_text(plan_data(parts)),
        paper="a4" if plan.paper == "a4" else "letter",
    )


def _status(progress: Progress, date: str) -> str:
    if progress.complete:
        return _("Approved on %(date)s") % {"date": date}
    return ngettext(
        "Draft: %(n)s of %(total)s sections is approved",
        "Draft: %(n)s of %(total)s sections are approved",
        progress.approved,
    ) % {"n": progress.approved, "total": progress.total}


def _section(number: int, row: SectionRow, parts: Parts) -> Section:
    status = str(row.get_status_display())
    named = {named.number for named in named_pictures(row.body)} & set(parts.pictures) if parts.pictures else set()
    shown = tuple(parts.pictures[one] for one in sorted(named))
    # These hold their own text first, and below it what is kept beside it.
    beside: Mapping[str, Sequence[object]] = {
        "findings": parts.base.findings,
        "engagement": parts.base.engagements,
        "actions": parts.strategy.priorities,
        "measurement": parts.strategy.measures,
    }
    more = row.outline.generated or bool(beside.get(row.key))
    return Section(row.key, number, row.outline.title, status, row.body, more, shown)


# --- What the plan rests on -------------------------------------------------------------------------------


def _finding(line: FindingLine) -> Finding:
    row = line.row
    about = f"{row.get_predictor_display()} ({row.pillar.label})" if row.pillar else _("Across all pillars")
    return Finding(row.text, about, ", ".join(row.dimension_words), ", ".join(line.shown_by))


def _heard(row: Engagement) -> Heard:
    how = ", ".join(part for part in (str(row.get_method_display()), day(row.on) if row.on else "") if part)
    people = ngettext("%(n)s person", "%(n)s people", row.people) % {"n": row.people} if row.people else ""
    paid = _("Paid for their time: %(how)s") % {"how": row.compensation} if row.compensation else ""
    needs = _("Access: %(needs)s") % {"needs": row.needs} if row.needs else ""
    back = ", ".join(part for part in (row.reported_back, day(row.reported_on) if row.reported_on else "") if part)
    return Heard(
        title=row.title,
        how=how,
        reached="\n".join(part for part in (row.reached, people, paid, needs) if part),
        heard=row.heard,
        reported=back or _("Not yet"),
    )


def _data(row: Source) -> DataSource:
    name = f"{row.name} ({row.holder})" if row.holder else row.name
    covers = ", ".join(part for part in (row.years, row.geography) if part)
    return DataSource(name, covers, row.detail, str(row.get_quality_display()) if row.quality else "")


# --- What the plan will do, and how it will be told --------------------------------------------------------


def _priority(view: PriorityView, owner: Owner) -> PlannedPriority:
    actions = tuple(_planned(action, owner) for action in view.actions)
    return PlannedPriority(view.number, view.row.title, view.row.goal, actions, view.sheets, view.in_words)


def _planned(view: ActionView, owner: Owner) -> PlannedAction:
    """Without what nobody has said yet; of the partners those who agreed to be named."""
    row = view.row
    pillar = f"{row.get_predictor_display()} ({row.pillar.label})" if row.pillar else _("Across all pillars")
    lead, changes = owner(row.lead), ", ".join(row.systems_words)
    facts = (
        (_("Answers"), "\n".join(finding.text for finding in view.findings)),
        (_("Works on"), pillar),
        (_("Lead"), lead),
        (_("Partners"), ", ".join(partner.name for partner in view.partners if partner.may_be_named)),
        (_("Dates"), view.dates),
        (_("Resources"), row.resources),
        (_("Evidence"), row.evidence),
        (_("Equity aim"), row.equity),
        (_("Changes in the system"), changes),
    )
    logic = tuple((str(part.label), tuple(str(item.row) for item in part.items)) for part in view.parts)
    said = tuple((name, words) for name, words in facts if words)
    return PlannedAction(view.number, row.title, said, logic, lead, view.dates, changes)


def _measured(view: PriorityView, owner: Owner) -> MeasuredPriority:
    return MeasuredPriority(f"{view.number}. {view.row.title}", tuple(_measure(one, owner) for one in view.measures))


def _measure(view: MeasureView, owner: Owner) -> PlannedMeasure:
    row, state = view.row, view.standing.state
    by = _("broken down by %(what)s") % {"what": row.detail} if row.detail else ""
    who = (owner(row.collector), view.frequency, row.reported)
    return PlannedMeasure(
        name=row.name,
        of=f"{view.number}, {view.item.get_part_display()}: {view.item.text}",
        start=view.start,
        target=view.aim,
        last=view.last,
        state=str(STATE_WORDS[state]),
        state_key=STATE_MARKS[state],
        source="; ".join(part for part in (view.collected, by) if part),
        who="; ".join(part for part in who if part),
    )


# --- Readiness --------------------------------------------------------------------------------------------


def _provisional(assessment: Assessment) -> str:
    return assessment.explanation[-1] if assessment.recommendation.provisional else ""


def _explanation(assessment: Assessment) -> tuple[str, ...]:
    """Without the lines that the document shows elsewhere: the verdict, that it is provisional, and the gaps."""
    lines = zip(assessment.recommendation.reasons, assessment.explanation, strict=False)
    return tuple(line for reason, line in lines if reason.code in DISTANCE)


def _verdict(assessment: Assessment) -> Verdict:
    """The count and the rule that decided are the first two lines of every explanation."""
    verdict = str(assessment.recommendation.verdict)
    sentence = " ".join(assessment.explanation[:2])
    return Verdict(verdict, wording.verdict_word(verdict), sentence, _provisional(assessment))


def _determination(assessment: Assessment) -> Determination | None:
    """This round's, or the last one's while this round is not decided yet."""
    decided = assessment.determination or assessment.previous
    if decided is None:
        return None
    on = day(decided.decided_on)
    differs = _("This differs from the recommendation, which is to %(verdict)s.")
    if decided == assessment.previous:
        on = _("%(on)s, on round %(n)s") % {"on": on, "n": decided.round.number}
        differs = _("This differed from the recommendation of that day, which was to %(verdict)s.")
    if decided.look_again_on:
        on = _("%(on)s, to look again on %(again)s") % {"on": on, "again": day(decided.look_again_on)}
    return Determination(
        key=decided.verdict,
        word=wording.verdict_word(decided.verdict),
        rationale=decided.rationale,
        by=decided.name,
        title=decided.title,
        on=on,
        differs=differs % {"verdict": decided.recommended_word.lower()} if decided.differs else "",
    )


def _condition(view: ConditionView, owner: Owner) -> Condition:
    return Condition(
        key=view.key,
        name=view.name,
        short=view.condition.short,
        guide_step=_("Guide step %(step)s") % {"step": view.condition.guide_step},
        suggested=str(view.reading.suggested),
        judged=view.answer.judged,
        reason=view.answer.reason,
        open_note=view.answer.note,
        steps=tuple(_step(step, owner) for step in view.steps),
    )


def _step(view: StepView, owner: Owner) -> Step:
    answer = view.answer
    return Step(
        key=view.step.key,
        statement=view.step.statement,
        status=answer.status,
        note=answer.note,
        evidence=tuple(_shown(row) for row in view.evidence),
        owner=owner(answer.owner),
        due=day(answer.due) if answer.due else "",
    )


def _shown(row: EvidenceRow) -> Evidence:
    text = ": ".join(part for part in (row.text, row.name) if part)
    if row.verified_at is None:
        return Evidence(text)
    return Evidence(text, _("verified by %(name)s, %(on)s") % {"name": row.verified_by, "on": day(row.verified_at)})


# The mark of each status: what is done, begun, still to begin.
ACTION_MARKS = {ActionStatus.DONE: "in_place", ActionStatus.DOING: "under_way", ActionStatus.TODO: "not_yet"}


def _action(line: ActionLine, owner: Owner) -> Action:
    row = line.row
    return Action(
        title=row.title,
        lifts=", ".join(line.conditions),
        owner=owner(row.owner),
        due=day(row.due) if row.due else "",
        status=str(row.get_status_display()),
        status_key=ACTION_MARKS[ActionStatus(row.status)],
    )


def _gaps(assessment: Assessment) -> tuple[str, ...]:
    known = assessment.instrument.by_key
    return tuple(f"{known[gap.key].short}: {wording.gap_words(gap)}" for gap in assessment.recommendation.gaps)


# --- Coalition and sources --------------------------------------------------------------------------------


def _partners(roster: Roster) -> tuple[Partner, ...]:
    """Those who agreed to be named; who declined is nobody's business outside the team."""
    return tuple(
        Partner(
            name=row.name,
            people=tuple(f"{name} ({role})" for name, role in row.people),
            sector=row.sector_label,
            status=row.status_label,
            status_key=row.status,
        )
        for row in roster.rows
    )


def _coverage(coverage: Coverage) -> tuple[str, ...]:
    """Public words: how many, and which sectors and pillars are missing; not whom the town thinks of asking."""
    if not coverage.members:
        return (coverage.sentence,)
    counts = _("%(n)s partners, %(committed)s of them committed.")
    return (counts % {"n": coverage.members, "committed": coverage.committed}, *coverage.missing)


def covered(coverage: Coverage) -> tuple[SectorCover, ...]:
    """The picture and its table: every sector by pillar; nothing while nobody is in the coalition."""
    if not coverage.members:
        return ()
    return tuple(SectorCover(row.label, row.short, tuple(_cell(c) for c in row.cells)) for row in coverage.rows)


def _cell(cell: Cell) -> CoverCell:
    return CoverCell(cell.mark, cell.number, cell.words, f"{cell.count.committed} / {cell.count.talking}")


def _unlisted(roster: Roster) -> str:
    if not roster.unlisted:
        return ""
    return ngettext(
        "%(n)s more takes part or has been asked and is not named here: this document names only who agreed to it.",
        "%(n)s more take part or have been asked and are not named here: this document names only who agreed to it.",
        roster.unlisted,
    ) % {"n": roster.unlisted}


def _sources(assessment: Assessment) -> tuple[str, ...]:
    place = assessment.round.municipality.name
    return (
        _("%(guide)s. Outline of this plan: steps 1 to 10.") % {"guide": GUIDE},
        _("The same guide, steps 3.1 to 3.10: the nine readiness conditions, their checklist and the recommendation."),
        _("The same guide, step 4: the coalition, its sectors and roles."),
        _("%(place)s, readiness assessment: round %(n)s, begun %(date)s, instrument of %(version)s.")
        % {
            "place": place,
            "n": assessment.round.number,
            "date": day(assessment.round.started_at),
            "version": assessment.instrument.version,
        },
        _("%(place)s, roster of the Mobility Coalition.") % {"place": place},
    )
