"""
The plan as data: one JSON value of everything that its document shows, for machines.

Its form is published as a JSON Schema (`export/plan.schema.json`). It names nobody and nothing that the document does
not name. Dates are ISO 8601, numbers are numbers, texts of sections are Markdown; references are the `id` of another
entry of the same file.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from findings.models import Engagement, Finding, Source
from findings.queries import Base
from plans.parts import Parts
from preparedness.models import ActionStatus
from preparedness.queries import ActionLine
from readiness.queries import Assessment, ConditionView
from strategy.queries import ActionView, MeasureView, PriorityView

FORMAT, VERSION = "mobility-action-plan", 1
SCHEMA = Path(__file__).parent / "export" / "plan.schema.json"

Owner = Callable[[str], str]
Data = dict[str, Any]


def plan_data(parts: Parts) -> Data:
    """The whole as a JSON value."""
    plan, owner = parts.plan, parts.owner
    place = plan.municipality
    return {
        "format": FORMAT,
        "version": VERSION,
        "municipality": {"slug": place.slug, "name": place.name, "state": place.state},
        "plan": {"title": plan.title, "language": "en-US", "approved": parts.progress.complete},
        "sections": [
            {"key": row.key, "number": n, "title": row.outline.title, "status": str(row.status), "text": row.body}
            for n, row in enumerate(parts.sections, start=1)
        ],
        "readiness": _readiness(parts.assessment, owner),
        "preparedness": [_prepared(line, owner) for line in parts.actions if line.row.status != ActionStatus.DROPPED],
        "coalition": {
            "partners": [
                {
                    "name": row.name,
                    "sector": row.sector,
                    "status": row.status,
                    "people": [{"name": name, "role": role} for name, role in row.people],
                }
                for row in parts.roster.rows
            ],
            "unnamed": parts.roster.unlisted,
        },
        **base_data(parts.base),
        "priorities": [priority_data(view, owner) for view in parts.strategy.priorities],
    }


def base_data(base: Base) -> Data:
    """What the plan rests on."""
    return {
        "findings": [_finding(line.row, base) for line in base.findings],
        "sources": [_source(row) for row in base.sources],
        "engagements": [_engagement(row) for row in base.engagements],
    }


def priority_data(view: PriorityView, owner: Owner) -> Data:
    """A priority with its actions, their logic models and measures."""
    return {
        "id": f"priority-{view.row.pk}",
        "number": view.number,
        "title": view.row.title,
        "goal": view.row.goal,
        "actions": [_action(action, owner) for action in view.actions],
    }


def as_text(data: Data) -> str:
    """The file: keys as they were put, a line for each value."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1)


def _readiness(assessment: Assessment, owner: Owner) -> Data:
    found, decided = assessment.recommendation, assessment.determination or assessment.previous
    return {
        "round": assessment.round.number,
        "instrument": assessment.instrument.version,
        "verdict": str(found.verdict),
        "provisional": found.provisional,
        "determination": decided
        and {
            "verdict": decided.verdict,
            "rationale": decided.rationale,
            "by": decided.name,
            "title": decided.title,
            "on": _iso(decided.decided_on),
            "round": decided.round.number,
        },
        "conditions": [_condition(view, owner) for view in assessment.conditions],
    }


def _condition(view: ConditionView, owner: Owner) -> Data:
    return {
        "key": view.key,
        "suggested": str(view.reading.suggested),
        "judged": view.answer.judged or None,
        "reason": view.answer.reason,
        "open": view.answer.note,
        "steps": [
            {
                "key": step.step.key,
                "status": step.answer.status or None,
                "note": step.answer.note,
                "owner": owner(step.answer.owner),
                "due": _iso(step.answer.due),
                "evidence": [": ".join(part for part in (row.text, row.name) if part) for row in step.evidence],
            }
            for step in view.steps
        ],
    }


def _prepared(line: ActionLine, owner: Owner) -> Data:
    row = line.row
    return {
        "title": row.title,
        "conditions": list(line.conditions),
        "owner": owner(row.owner),
        "due": _iso(row.due),
        "status": str(row.status),
    }


def _finding(row: Finding, base: Base) -> Data:
    sources, engagements = ({one.pk for one in some} for some in (base.sources, base.engagements))
    return {
        "id": f"finding-{row.pk}",
        "text": row.text,
        "predictor": row.predictor or None,
        "pillar": _key(row.pillar),
        "dimensions": list(row.dimensions),
        "metrics": row.metrics,
        "sources": [f"source-{pk}" for pk in row.sources if int(pk) in sources],
        "engagements": [f"engagement-{pk}" for pk in row.engagements if int(pk) in engagements],
    }


def _source(row: Source) -> Data:
    names = ("name", "holder", "years", "geography", "detail")
    return {
        "id": f"source-{row.pk}",
        **{name: getattr(row, name) for name in names},
        "quality": row.quality or None,
    }


def _engagement(row: Engagement) -> Data:
    names = ("title", "method", "reached", "people", "compensation", "needs", "heard", "reported_back")
    return {
        "id": f"engagement-{row.pk}",
        **{name: getattr(row, name) for name in names},
        "on": _iso(row.on),
        "reported_on": _iso(row.reported_on),
    }


def _action(view: ActionView, owner: Owner) -> Data:
    row = view.row
    return {
        "id": f"action-{row.pk}",
        "number": view.number,
        "title": row.title,
        "predictor": row.predictor or None,
        "pillar": _key(row.pillar),
        "findings": [f"finding-{finding.pk}" for finding in view.findings],
        "lead": owner(row.lead),
        "partners": [partner.name for partner in view.partners if partner.may_be_named],
        "starts_on": _iso(row.starts_on),
        "ends_on": _iso(row.ends_on),
        "resources": row.resources,
        "evidence": row.evidence,
        "equity": row.equity,
        "systems": list(row.systems),
        "logic": [
            {
                "id": f"line-{item.row.pk}",
                "part": str(item.row.part),
                "text": item.row.text,
                "measures": [_measure(measure, owner) for measure in item.measures],
            }
            for item in view.items
        ],
    }


def _measure(view: MeasureView, owner: Owner) -> Data:
    row = view.row
    return {
        "id": f"measure-{row.pk}",
        "name": row.name,
        "unit": row.unit,
        "better": row.better or None,
        "source": row.source,
        "method": row.method,
        "baseline": _number(row.baseline),
        "baseline_on": _iso(row.baseline_on),
        "target": _number(row.target),
        "target_on": _iso(row.target_on),
        "broken_down_by": row.detail,
        "frequency": row.frequency or None,
        "collector": owner(row.collector),
        "reported": row.reported,
        "state": view.state,
        "values": [{"on": _iso(entry.on), "value": _number(entry.value), "note": entry.note} for entry in view.entries],
    }


def _key(choice: Any) -> str | None:
    return str(choice.value) if choice else None


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
