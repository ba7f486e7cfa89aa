"""The form templates of the U.S. Web Design System: every field named, explained and reachable."""

import datetime
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

HOSTILE = '"><script>alert(1)</script>'
PICKS = [("a", "First"), ("b", "Second")]


class Sample(forms.Form):
    name = forms.CharField(
        label="Full name", help_text="As on the plan.", widget=forms.TextInput({"placeholder": "Kim"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    sector = forms.ChoiceField(label="Sector", choices=PICKS)
    role = forms.ChoiceField(label="Role", choices=PICKS, widget=forms.RadioSelect, help_text="Pick one.")
    topics = forms.MultipleChoiceField(label="Topics", choices=PICKS, widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="I agree")
    due = forms.DateField(label="Due date", widget=forms.DateInput)
    when = forms.SplitDateTimeField(label="Meeting")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if "name" in self.data:
            raise forms.ValidationError("The whole form is wrong.")
        return self.cleaned_data


class Page(HTMLParser):
    """The elements of a page in order: tag, attributes, text inside, and the fieldset that each stands in."""

    VOID = {"input", "br", "hr", "meta", "link", "img"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[dict[str, Any]] = []
        self._open: list[dict[str, Any]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = next((e for e in reversed(self._open) if e["tag"] == "fieldset"), None)
        element = {"tag": tag, "attrs": dict(attrs), "text": "", "fieldset": inside}
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()["tag"] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element["text"] += data

    def all(self, tag: str, **attrs: str) -> list[dict[str, Any]]:
        return [e for e in self.elements if e["tag"] == tag and attrs.items() <= e["attrs"].items()]

    def by_id(self, name: str) -> dict[str, Any]:
        (found,) = [e for e in self.elements if e["attrs"].get("id") == name]
        return found

    def controls(self) -> list[dict[str, Any]]:
        visible = [e for e in self.elements if e["tag"] in ("input", "select", "textarea")]
        return [e for e in visible if e["attrs"].get("type") != "hidden"]


def words(text: str) -> str:
    return " ".join(text.split())


def drawn(form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


@pytest.fixture
def clean() -> Page:
    return Page(drawn(Sample()))


@pytest.fixture
def wrong() -> Page:
    return Page(drawn(Sample({"name": "", "role": "z"})))


def test_every_control_has_one_label_that_points_to_it(clean: Page):
    labels = {label["attrs"]["for"]: words(label["text"]) for label in clean.all("label")}
    named = {control["attrs"]["id"]: control for control in clean.controls()}
    parts = {"id_when_0", "id_when_1"}
    assert labels == {
        "id_name": "Full name",
        "id_note": "Note (optional)",
        "id_sector": "Sector",
        "id_role_0": "First",
        "id_role_1": "Second",
        "id_topics_0": "First",
        "id_topics_1": "Second",
        "id_agreed": "I agree",
        "id_due": "Due date",
    }
    assert set(named) - parts == set(labels)


def test_no_id_stands_twice(clean: Page, wrong: Page):
    for page in (clean, wrong):
        ids = [e["attrs"]["id"] for e in page.elements if "id" in e["attrs"]]
        assert len(ids) == len(set(ids))


def test_everything_that_is_referred_to_is_there(clean: Page, wrong: Page):
    for page in (clean, wrong):
        for element in page.elements:
            attrs = element["attrs"]
            targets = f"{attrs.get('aria-describedby', '')} {attrs.get('aria-labelledby', '')} {attrs.get('for', '')}"
            for name in targets.split():
                page.by_id(name)


def test_a_hint_is_tied_to_its_control(clean: Page):
    assert clean.by_id("id_name")["attrs"]["aria-describedby"] == "id_name_helptext"
    assert words(clean.by_id("id_name_helptext")["text"]) == "As on the plan."


def test_hint_and_error_are_tied_to_a_control_that_is_wrong(wrong: Page):
    attrs = wrong.by_id("id_name")["attrs"]
    assert (attrs["aria-describedby"], attrs["aria-invalid"]) == ("id_name_helptext id_name_error", "true")
    assert words(wrong.by_id("id_name_error")["text"]) == "Error: This field is required."


def test_a_control_that_is_right_is_not_called_wrong(clean: Page):
    assert [c["attrs"].get("aria-invalid") for c in clean.controls()] == [None] * len(clean.controls())
    assert clean.all("div", **{"class": "usa-error-message"}) == []


@pytest.mark.parametrize(("name", "legend"), [("role", "Role"), ("topics", "Topics"), ("when", "Meeting")])
def test_what_has_several_inputs_is_a_fieldset_with_its_legend(clean: Page, name: str, legend: str):
    inputs = [c for c in clean.controls() if re.match(rf"id_{name}_\d", c["attrs"]["id"])]
    groups = {id(c["fieldset"]): c["fieldset"] for c in inputs}
    assert (len(inputs), len(groups)) == (2, 1)
    assert [words(e["text"]) for e in clean.all("legend") if id(e["fieldset"]) in groups] == [legend]


def test_hint_and_error_of_a_group_are_said_once_by_the_group(wrong: Page):
    group = wrong.by_id("id_role_0")["fieldset"]["attrs"]
    assert (group["aria-describedby"], group["role"]) == ("id_role_helptext id_role_error", "radiogroup")
    assert group["aria-invalid"] == "true"
    assert "aria-describedby" not in wrong.by_id("id_role_0")["attrs"]


def test_what_need_not_be_filled_in_says_so_in_words_and_one_line_explains(clean: Page):
    assert [words(label["text"]) for label in clean.all("label") if "(optional)" in label["text"]] == [
        "Note (optional)"
    ]
    assert [words(p["text"]) for p in clean.all("p")] == ["Please fill in everything that is not marked optional."]
    required = {c["attrs"]["id"] for c in clean.controls() if "required" in c["attrs"]}
    assert {"id_name", "id_role_0", "id_role_1", "id_agreed", "id_due"} <= required
    assert "id_note" not in required


def test_where_everything_is_needed_nothing_is_explained():
    class All(forms.Form):
        one = forms.CharField()
        two = forms.CharField()

    assert "optional" not in drawn(All())


def test_no_placeholder_stands_in_for_a_label(clean: Page):
    assert [c["attrs"].get("placeholder") for c in clean.controls()] == [None] * len(clean.controls())


def test_the_error_summary_takes_the_focus_has_a_name_and_links_to_each_field(wrong: Page):
    (summary,) = wrong.all("div", role="group")
    assert summary["attrs"]["tabindex"] == "-1"
    assert "autofocus" in summary["attrs"]
    assert words(wrong.by_id(summary["attrs"]["aria-labelledby"])["text"]) == "Please look at this again"
    links = [(a["attrs"]["href"], words(a["text"])) for a in wrong.all("a")]
    assert links == [
        ("#id_name", "Full name: This field is required."),
        ("#id_sector", "Sector: This field is required."),
        ("#id_role_0", "Role: Select a valid choice. z is not one of the available choices."),
        ("#id_topics_0", "Topics: This field is required."),
        ("#id_agreed", "I agree: This field is required."),
        ("#id_due", "Due date: This field is required."),
        ("#id_when_0", "Meeting: This field is required."),
    ]
    ids = {control["attrs"]["id"] for control in wrong.controls()}
    assert {href[1:] for href, _text in links} <= ids


def test_what_is_wrong_with_the_whole_form_or_a_hidden_field_is_said_without_a_link(wrong: Page):
    items = [words(li["text"]) for li in wrong.all("li")]
    linked = [words(a["text"]) for a in wrong.all("a")]
    assert [item for item in items if item not in linked] == ["The whole form is wrong.", "This field is required."]


def test_a_form_without_errors_has_no_summary(clean: Page):
    assert clean.all("div", role="group") == clean.all("script") == []


def test_a_date_is_the_browsers_own_field_and_speaks_iso():
    form = Sample(initial={"due": datetime.date(2027, 1, 5)})
    attrs = Page(drawn(form)).by_id("id_due")["attrs"]
    assert (attrs["type"], attrs["value"]) == ("date", "2027-01-05")


def test_every_control_wears_the_design_systems_class(clean: Page):
    classes = {c["attrs"]["id"]: c["attrs"]["class"] for c in clean.controls() if "when" not in c["attrs"]["id"]}
    assert classes == {
        "id_name": "usa-input",
        "id_note": "usa-textarea",
        "id_sector": "usa-select",
        "id_role_0": "usa-radio__input",
        "id_role_1": "usa-radio__input",
        "id_topics_0": "usa-checkbox__input",
        "id_topics_1": "usa-checkbox__input",
        "id_agreed": "usa-checkbox__input",
        "id_due": "usa-input",
    }


def test_a_hidden_field_is_only_a_hidden_field(clean: Page):
    (version,) = clean.all("input", type="hidden")
    assert version["attrs"] == {"type": "hidden", "name": "version", "id": "id_version"}


def test_what_was_chosen_stays_chosen():
    page = Page(drawn(Sample({"role": "b", "topics": ["a"], "sector": "b", "agreed": "on", "note": "kept"})))
    checked = [c["attrs"]["id"] for c in page.controls() if "checked" in c["attrs"]]
    assert checked == ["id_role_1", "id_topics_0", "id_agreed"]
    assert [o["attrs"]["value"] for o in page.all("option") if "selected" in o["attrs"]] == ["b"]
    assert words(page.by_id("id_note")["text"]) == "kept"


@pytest.mark.parametrize("widget", [forms.TextInput, forms.Textarea, forms.Select, forms.RadioSelect])
def test_hostile_text_is_shown_as_text_wherever_it_stands(widget: type[forms.Widget]):
    class Hostile(forms.Form):
        field = forms.ChoiceField(label=HOSTILE, choices=[(HOSTILE, HOSTILE)], widget=widget)

        def clean(self) -> None:
            self.add_error("field", HOSTILE)
            self.add_error(None, HOSTILE)

    html = drawn(Hostile({"field": HOSTILE}))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_two_forms_on_one_page_do_not_share_ids():
    html = "".join(drawn(Sample({"name": ""}, prefix=prefix)) for prefix in ("one", "two"))
    ids = [e["attrs"]["id"] for e in Page(html).elements if "id" in e["attrs"]]
    assert len(ids) == len(set(ids))
