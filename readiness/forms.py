"""What people send to a round: every form ends in the types of the domain."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.uploads import Checked, UploadError, check
from municipalities.fields import LineField, LongField
from municipalities.saving import AutosaveForm
from readiness.instrument import Instrument
from readiness.models import ConditionState, StepStatus, VerdictChoice
from readiness.rules.policy import CONDITIONS, Policy, PolicyError
from readiness.rules.worksheet import FILE
from readiness.services import Decision
from readiness.wording import policy_problem

LONG = 20_000


def to_copy(form: forms.Form) -> list[tuple[str, str]]:
    """What somebody sent with a form that cannot be saved any more: each field's label and its words."""
    sent = [(field, form.data.get(name, "")) for name, field in form.fields.items() if not field.widget.is_hidden]
    return [(str(f.label), str(dict(getattr(f, "choices", ())).get(v, v))) for f, v in sent if v.strip()]


class AnswerForm(AutosaveForm):
    """Some fields of one answer."""

    version = forms.IntegerField(label=_("Version"), min_value=1, widget=forms.HiddenInput)

    def typed(self) -> Mapping[str, object]:
        """What was sent, to be shown again: as it was understood, or else as it came."""
        return {name: self.cleaned_data.get(name, value) for name, value in self.data.items()}


class StepForm(AnswerForm):
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("Unanswered")), *StepStatus.choices], required=False)
    note = LongField(label=_("Note"), max_length=LONG, required=False)
    owner = LineField(label=_("Owner"), max_length=254, required=False)
    due = forms.DateField(label=_("Due date"), required=False)


# Why a file is not taken, by the code of documents.uploads.UploadError.
REFUSED = {
    "kind": _("Choose a PDF, a Word or Excel file (docx, xlsx), a picture (png, jpg) or a text (txt, csv, md)."),
    "content": _("This file is not what its name says, or it is damaged or locked by a password. Nothing was stored."),
    "large": _("This file is larger than 20 MB. Store it where your documents are and add the link instead."),
    "empty": _("This file is empty."),
    "bomb": _("This file would unpack to far more than a document holds. Nothing was stored."),
    "macros": _("This file holds macros. Save it without them and try again."),
}


class EvidenceForm(forms.Form):
    """
    A link, the name of a document, or a file with a word on what it shows.

    A valid form has `file` and `checked` where a file came; `too_large` says that one was dropped on its way.
    """

    text = LineField(
        label=_("Link or name of a document"),
        max_length=2000,
        required=False,
        help_text=_("With a file: what it shows."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        max_length=1000,
        help_text=_("PDF, Word, Excel, picture or text, at most 20 MB."),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        self.checked: Checked | None = None

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\t", " ").strip()
        if text.lower().startswith(FILE.strip()):
            raise ValidationError(_("Begin with another word than “file:”; add the file itself below."))
        return text

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if self.too_large:
            raise ValidationError(REFUSED["large"])
        if file:
            try:
                self.checked = check(file.name, file)
            except UploadError as error:
                raise ValidationError(REFUSED[error.code]) from error
        return file

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.cleaned_data["text"] and not self.cleaned_data["file"]:
            raise ValidationError(_("Give a link, the name of a document, or a file."))
        return self.cleaned_data


class QuestionForm(AnswerForm):
    """The condition's open question, with who looks after the condition and until when."""

    note = LongField(label=_("What must still be addressed"), max_length=LONG, required=False)
    owner = LineField(label=_("Owner"), max_length=254, required=False)
    due = forms.DateField(label=_("Due date"), required=False)


class JudgementForm(AnswerForm):
    """The team's own judgement of a condition; an empty one follows the checklist."""

    judged = forms.ChoiceField(
        label=_("Judgement"),
        choices=[("", _("Follow the checklist")), *ConditionState.choices],
        required=False,
    )
    reason = LongField(label=_("Reason"), max_length=LONG, required=False)


class DeterminationForm(forms.Form):
    """Leadership's decision. `seen` is the mark of the round that was on the page, `mark` how it stands now."""

    verdict = forms.ChoiceField(label=_("Determination"), choices=VerdictChoice, widget=forms.RadioSelect)
    rationale = LongField(
        label=_("Rationale"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Why you decide so. It is printed with the plan."),
    )
    conditions = LongField(
        label=_("Conditions of the decision"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has to happen for it to hold, for example a budget vote or a hire."),
    )
    name = LineField(label=_("Your name"), max_length=150)
    title = LineField(label=_("Your title"), max_length=150, help_text=_("For example: County Executive."))
    decided_on = forms.DateField(
        label=_("Date of the decision"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    look_again_on = forms.DateField(
        label=_("Date to look again"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Needed when you postpone; for prepare, three to six months from now is usual."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, mark: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark = mark

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("seen") != self.mark:
            self.add_error(
                None,
                _("Somebody changed an answer or the policy since you opened this page. Read it again, then go on."),
            )
        decided, again = cleaned.get("decided_on"), cleaned.get("look_again_on")
        if decided and decided > timezone.localdate():
            self.add_error("decided_on", _("The date of the decision cannot be in the future."))
        if cleaned.get("verdict") == VerdictChoice.POSTPONE and not again:
            self.add_error("look_again_on", _("Name a date to look again."))
        if decided and again and again <= decided:
            self.add_error("look_again_on", _("Choose a date after the decision."))
        return cleaned

    def decision(self) -> Decision:
        return Decision(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class PolicyForm(forms.Form):
    proceed = forms.IntegerField(
        label=_("Fewest conditions needed to proceed"),
        min_value=1,
        max_value=CONDITIONS,
        help_text=_("The guide's “most”."),
    )
    prepare = forms.IntegerField(
        label=_("Fewest conditions needed to prepare"),
        min_value=1,
        max_value=CONDITIONS,
        help_text=_("The guide's “some”."),
    )
    required = forms.MultipleChoiceField(
        label=_("Required conditions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A required condition that is not met holds “proceed” down to “prepare”."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["required"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [(c.key, c.name) for c in instrument.conditions]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"proceed", "prepare", "required"} <= cleaned.keys():
            try:
                cleaned["policy"] = Policy(cleaned["proceed"], cleaned["prepare"], frozenset(cleaned["required"]))
            except PolicyError as error:
                raise forms.ValidationError(policy_problem(error)) from error
        return cleaned
