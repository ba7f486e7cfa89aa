"""What the form templates under templates/uswds/ ask about a field."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()

# The first that fits; anything else is a plain input.
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.Select, "usa-select"),
    (forms.Textarea, "usa-textarea"),
    (forms.FileInput, "mp-file"),
)


@register.filter
def kind(field: BoundField) -> str:
    """How a field is laid out: hidden, checkbox, radios, checkboxes, parts (several inputs) or single."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "parts" if field.use_fieldset else "single"


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of everything that explains the field: the widget's own, the hint, the error."""
    own = field.field.widget.attrs.get("aria-describedby", "")
    hint = f"{field.auto_id}_helptext" if field.help_text else ""
    error = f"{field.auto_id}_error" if field.errors else ""
    return " ".join(filter(None, (own, hint, error)))


@register.filter
def target(field: BoundField) -> str:
    """The id that a link of the error summary goes to; empty for what nobody can reach."""
    if field.is_hidden:
        return ""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's widget in the design system's class, tied to its hint and error."""
    widget = field.field.widget
    if isinstance(widget, forms.DateInput):
        # The browser's own date field, which speaks ISO dates only.
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    # A placeholder vanishes while typing, and the label says it already.
    widget.attrs.pop("placeholder", None)
    attrs: dict[str, Any] = {"class": _class(widget)}
    if field.use_fieldset:
        # The fieldset carries the explanation; only Django would repeat it on each part.
        widget.attrs.pop("aria-describedby", None)
    elif described := described_by(field):
        attrs["aria-describedby"] = described
    return field.as_widget(attrs=attrs)


def _class(widget: forms.Widget) -> str:
    ours = next((name for base, name in _CLASSES if isinstance(widget, base)), "usa-input")
    return " ".join(filter(None, (ours, widget.attrs.get("class", ""))))


@register.filter
def options(field: BoundField) -> list[dict[str, Any]]:
    """The choices of a radio or checkbox group, grouped: `{"label": group or None, "inputs": [input, ...]}`."""
    widget = field.field.widget
    assert isinstance(widget, forms.RadioSelect)  # noqa: S101  # CheckboxSelectMultiple is one too
    attrs = field.build_widget_attrs({"id": field.auto_id})
    # Invalid is the group of radios, said once by the fieldset; a checkbox stands for itself.
    if kind(field) == "radios":
        attrs.pop("aria-invalid", None)
    found = widget.optgroups(field.html_name, widget.format_value(field.value()), {**widget.attrs, **attrs})
    return [{"label": label, "inputs": inputs} for label, inputs, _index in found]


@register.filter
def mixed(form: forms.BaseForm) -> bool:
    """Whether some fields must be filled in and others need not."""
    required = {field.field.required for field in form.visible_fields() if kind(field) != "checkbox"}
    return len(required) == 2
