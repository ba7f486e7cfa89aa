"""The plan as data: valid by its published schema, the same as the document, and nothing that is not public."""

import datetime
import json
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import jsonschema
import pikepdf
import pytest
from django.test import Client

from findings.models import Engagement, Finding, Source
from mobility_planning import demo_data
from municipalities.entries import add_entry, set_aside
from municipalities.models import Municipality
from plans.data import SCHEMA
from plans.finished import PDF
from plans.queries import plan_document
from strategy import services
from strategy.models import Part
from tests import factories
from tests.conftest import Cast, signed_in

RULES = json.loads(SCHEMA.read_text("utf-8"))


def valid(text: str) -> Any:
    data = json.loads(text)
    jsonschema.Draft202012Validator(RULES, format_checker=jsonschema.FormatChecker()).validate(data)
    return data


def filled(cast: Cast) -> None:
    place, by = cast.larkspur, cast.ana
    source = add_entry(Source, municipality=place, values={"name": "Filings", "quality": "weak"}, by=by)
    values = {"title": "Supper", "method": "session", "on": datetime.date(2026, 10, 1), "people": 12}
    talk = add_entry(Engagement, municipality=place, values=values, by=by)
    rests = {"sources": (str(source.pk),), "engagements": (str(talk.pk),), "dimensions": ("power",)}
    found = add_entry(Finding, municipality=place, values={"text": "They cluster", "predictor": "wage", **rests}, by=by)
    priority = services.add_priority(municipality=place, values={"title": "Homes"}, by=by)
    values = {
        "title": "Settle",
        "priority_id": priority.pk,
        "findings": (str(found.pk),),
        "lead": "ben@larkspur.example",
    }
    action = services.add_action(municipality=place, values={**values, "systems": ("power",)}, by=by)
    [line] = services.add_items(municipality=place, action=action.pk, part=Part.SHORT, texts=["Fewer"], by=by)
    told = {
        "name": "Filings",
        "unit": "%",
        "baseline": Decimal("4.1"),
        "target": Decimal(3),
        "collector": "me@x.example",
    }
    measure = services.add_measure(municipality=place, item=line.pk, values=told, by=by)
    said = {"on": datetime.date(2026, 11, 1), "value": Decimal("3.9")}
    services.add_progress(municipality=place, measure=measure.pk, values=said, by=by)
    leagues = (("Open", True, "committed"), ("Shy", False, "committed"), ("Gone", True, "declined"))
    for name, listed, status in leagues:
        partner = factories.partner(place, name=f"{name} League", listed=listed, status=status)
        services.set_partner(municipality=place, action=action.pk, partner=partner.pk, joins=True, by=by)


def test_the_schema_is_a_schema_and_leaves_nothing_open():
    jsonschema.Draft202012Validator.check_schema(RULES)

    def objects(value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("type") == "object":
                yield value
            for inner in value.values():
                yield from objects(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from objects(inner)

    found = list(objects(RULES))
    assert len(found) > 15
    assert all(one["additionalProperties"] is False and set(one["required"]) == set(one["properties"]) for one in found)


@pytest.mark.parametrize("town", demo_data.TOWNS)
def test_the_demo_towns_are_valid_data(db: None, town: str):
    demo_data.seed(town)
    data = valid(plan_document(Municipality.objects.get(slug=town)).data)
    assert "@" not in json.dumps(data["readiness"]) + json.dumps(data["priorities"]) + json.dumps(data["coalition"])


def test_an_empty_and_a_filled_plan_are_valid_and_say_what_is_known(cast: Cast):
    valid(plan_document(cast.larkspur).data)
    filled(cast)
    document = plan_document(cast.larkspur)
    # Who has not agreed to be named, or has declined since, stands nowhere.
    assert [name for name in ("Open", "Shy", "Gone") if f"{name} League" in repr(document)] == ["Open"]
    data = valid(document.data)
    [finding], [source], [talk] = data["findings"], data["sources"], data["engagements"]
    assert (finding["sources"], finding["engagements"]) == ([source["id"]], [talk["id"]])
    assert finding["pillar"] == "work"
    [action] = data["priorities"][0]["actions"]
    assert (action["findings"], action["partners"], action["lead"]) == ([finding["id"]], ["Open League"], "Ben Carter")
    [measure] = action["logic"][0]["measures"]
    assert (measure["baseline"], measure["target"], measure["collector"]) == (4.1, 3, "")
    assert measure["values"] == [{"on": "2026-11-01", "value": 3.9, "note": ""}]
    assert "Shy League" not in json.dumps(data)
    assert data["coalition"]["unnamed"] == 1


def test_what_is_set_aside_is_nowhere_and_nothing_refers_to_it(cast: Cast):
    filled(cast)
    set_aside(Source, municipality=cast.larkspur, pk=Source.objects.get().pk, aside=True, by=cast.ana)
    data = valid(plan_document(cast.larkspur).data)
    assert (data["sources"], data["findings"][0]["sources"]) == ([], [])
    set_aside(Finding, municipality=cast.larkspur, pk=Finding.objects.get().pk, aside=True, by=cast.ana)
    data = valid(plan_document(cast.larkspur).data)
    assert (data["findings"], data["priorities"][0]["actions"][0]["findings"]) == ([], [])


def test_it_is_taken_along_by_whoever_reads(cast: Cast):
    answer = signed_in(cast.vera).get("/larkspur/plan/export.json")
    assert answer["Content-Type"] == "application/json"
    assert "attachment" in answer["Content-Disposition"]
    assert valid(answer.content.decode())["municipality"]["slug"] == "larkspur"
    assert signed_in(cast.olaf).get("/larkspur/plan/export.json").status_code == HTTPStatus.NOT_FOUND


def test_the_schema_is_published_for_everybody(db: None):
    answer = Client().get("/public/plan.schema.json")
    assert answer.status_code == HTTPStatus.OK
    assert answer.json() == RULES


def test_the_pdf_carries_the_data_as_an_associated_file(cast: Cast, tmp_path: Any, settings: Any):
    settings.EXPORT_CACHE_DIR = tmp_path
    filled(cast)
    document = plan_document(cast.larkspur)
    path = tmp_path / "plan.pdf"
    path.write_bytes(PDF.finished(document))
    with pikepdf.open(path) as pdf:
        [(name, attached)] = pdf.attachments.items()
        assert (name, attached.relationship, len(pdf.Root.AF)) == ("plan.json", "/Source", 1)
        assert attached.get_file().mime_type == "application/json"
        assert attached.get_file().read_bytes().decode() == document.data
    assert PDF.finished(document) == path.read_bytes()
