"""What people send to the plan: every form ends in the types of the domain."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.pictures import Picture as Redrawn
from documents.pictures import redraw
from documents.uploads import UploadError
from municipalities.fields import ProseField
from municipalities.rules.text import hidden_character, readable
from municipalities.saving import AutosaveForm
from plans.models import FeedbackState, Paper, Picture, Plan, Section, SectionStatus
from plans.rules.progress import Status

# About 20 pages. A preview is drawn at every save, and the time it takes can grow with the square of the length.
LONG = 60_000
COMMENT = 5_000
NAME = 100


class SectionForm(AutosaveForm):
    """A section's text, who looks after it and until when. `owners`: pairs of a person's id and name."""

    version = forms.IntegerField(label=_("Version"), min_value=1)
    body = ProseField(most=LONG, label=_("Text"), required=False)
    owner_id = forms.TypedChoiceField(label=_("Owner"), coerce=int, empty_value=None, required=False)
    due = forms.DateField(label=_("Due date"), required=False)

    def __init__(self, *args: Any, owners: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner_id"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101
        field.choices = [("", _("Nobody yet")), *owners]

    def posted(self) -> dict[str, object]:
        return {name: value for name, value in super().posted().items() if name in Section.FIELDS}

    def typed(self) -> dict[str, object]:
        """What to show again of a refused form; an owner only where they may be one, so that no stranger is named."""
        found: dict[str, object] = {name: self.data[name] for name in ("body", "due") if name in self.data}
        cleaned = self.cleaned_data
        return {**found, **{name: cleaned[name] for name in ("version", *Section.FIELDS) if name in cleaned}}


class PreviewForm(forms.Form):
    """A section's text as it stands while somebody types."""

    body = ProseField(most=LONG, required=False)


class MoveForm(SectionForm):
    """A move to another status, with whatever was typed on the way to its button."""

    status = forms.TypedChoiceField(label=_("Status"), choices=SectionStatus, coerce=Status)


class ReturnForm(forms.Form):
    """Leadership hands a section back: what is to change in it."""

    version = forms.IntegerField(label=_("Version"), min_value=1)
    comment = ProseField(label=_("What should change"), most=COMMENT, required=False)


# The most that the database takes for a version.
MOST = 2**31 - 1


class RestoreForm(forms.Form):
    """An earlier text is put back over the version that its reader has seen."""

    version = forms.IntegerField(min_value=1, max_value=MOST)
    text = forms.IntegerField(min_value=1, max_value=MOST)


class CompareForm(forms.Form):
    """Two versions of a text; without them, the newest and the one before."""

    older = forms.IntegerField(min_value=1, max_value=MOST)
    newer = forms.IntegerField(min_value=1, max_value=MOST)


class PlanForm(AutosaveForm):
    """The plan's name on the cover, and the paper it is printed on."""

    title = forms.CharField(label=_("Title"), max_length=Plan._meta.get_field("title").max_length)
    paper = forms.ChoiceField(label=_("Paper size"), choices=Paper)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AcceptForm(forms.Form):
    """Why something that the plan lacks is left as it is."""

    code = forms.CharField(max_length=20)
    subject = forms.CharField(max_length=40, required=False)
    reason = ProseField(label=_("Reason"), most=1_000)


REFUSED = {
    "kind": _("Choose a PNG, JPEG or WebP picture. An SVG is not taken, because it can hold a script."),
    "content": _("This file is not the picture that its name says, or it is damaged. Nothing was stored."),
    "large": _("This picture is larger than 10 MB. Make it smaller and try again."),
    "pixels": _("This picture has more than 25 million pixels. Make it smaller and try again."),
    "empty": _("This file is empty."),
}


class PictureForm(forms.Form):
    """
    A picture for the plan's texts, and what it shows in words.

    A valid form has `redrawn`; `too_large` says that the file was dropped on its way.
    """

    alternative = forms.CharField(
        label=_("Alternative text"),
        max_length=Picture._meta.get_field("alternative").max_length,
        error_messages={"required": _("Say what the picture shows: whoever cannot see it is read these words.")},
    )
    file = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,
        max_length=1000,
        error_messages={"required": _("Choose a picture.")},
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.redrawn: Redrawn | None = None
        if too_large:
            self.fields["file"].error_messages["required"] = REFUSED["large"]

    def clean_alternative(self) -> str:
        words = " ".join(self.cleaned_data["alternative"].split())
        if not any(sign.isalnum() for sign in words):
            raise ValidationError(self.fields["alternative"].error_messages["required"])
        return words

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.redrawn = redraw(file.name, file)
        except UploadError as error:
            raise ValidationError(REFUSED[error.code]) from error
        return file


class ReleaseForm(forms.Form):
    """The plan is made public as it was `seen`; a word on what is new."""

    note = ProseField(label=_("What is new"), most=1_000, required=False)
    seen = forms.CharField(max_length=1_000)


class FeedbackForm(forms.Form):
    """
    What a reader of a published plan says; `words` are those of the page's language.

    `website` is a field that nobody sees: whoever fills it in is no reader (`robot`).
    """

    name = forms.CharField(required=False)
    text = ProseField(most=2_000)
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, words: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        told = {"required": "empty", "max_length": "long_text", "null_characters_not_allowed": "hidden"}
        for field in self.fields.values():
            field.error_messages.update({code: words[key] for code, key in told.items()})

    @property
    def robot(self) -> bool:
        return bool(self.cleaned_data["website"])

    def clean_name(self) -> str:
        return self._checked(" ".join(self.cleaned_data["name"].split())[:NAME])

    def clean_text(self) -> str:
        text: str = self._checked(self.cleaned_data["text"])
        if not readable(text):
            raise ValidationError(self.words["empty"])
        return text

    def _checked(self, text: str) -> str:
        if hidden_character(text.replace("\n", " ")):
            raise ValidationError(self.words["hidden"])
        return text


class FeedbackStateForm(forms.Form):
    """What becomes of something that the public said."""

    state = forms.ChoiceField(choices=FeedbackState.choices)
