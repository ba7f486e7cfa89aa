"""What people send to a thread."""

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.fields import LongField


class CommentForm(forms.Form):
    text = LongField(
        label=_("Comment"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write @ and a member's whole name to tell them by e-mail. Who wrote here before is told anyway."),
        error_messages={"required": _("Write something first.")},
    )

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).strip()
