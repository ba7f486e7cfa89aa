"""Writes of what shows a step to be in place. All of them ask first whether the round is still open."""

from collections.abc import Iterable

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from documents.uploads import Checked
from municipalities.records import add, overwrite, remove
from readiness.models import Evidence, Round, StepAnswer
from readiness.services.answers import locked


class OwnEvidenceError(Exception):
    """Whoever brought a piece of evidence cannot verify it too."""


@transaction.atomic
def add_link(*, round_: Round, key: str, text: str, by: User | None) -> Evidence:
    """
    Put a link or the name of a document beside a step.

    Raises StepAnswer.DoesNotExist for an unknown key and RoundFrozenError after the determination.
    """
    return add(Evidence(step=locked(StepAnswer, round_, key), text=text, added_by=by), by=by)


@transaction.atomic
def add_file(*, round_: Round, key: str, text: str, file: "File[bytes]", checked: Checked, by: User) -> Evidence:
    """
    Put a file beside a step; `text` says what it shows and may be empty.

    Raises like `add_link`. Where anything fails, nothing of it stays on the disk.
    """
    row = Evidence(
        step=locked(StepAnswer, round_, key),
        text=text,
        name=checked.name,
        size=checked.size,
        sha256=checked.sha256,
        added_by=by,
    )
    row.file.save(checked.name, file, save=False)
    try:
        with transaction.atomic():
            return add(row, by=by)
    except BaseException:
        row.file.delete(save=False)
        raise


@transaction.atomic
def verify(*, round_: Round, pk: int, by: User) -> Evidence:
    """
    Somebody else than who brought it has looked at it: their name and the time stand beside it.

    Raises OwnEvidenceError, Evidence.DoesNotExist or RoundFrozenError.
    """
    row = _locked_evidence(round_, pk)
    if row.added_by_id == by.pk:
        raise OwnEvidenceError
    overwrite(row, by=by, verified_by=by, verified_at=timezone.now())
    return row


@transaction.atomic
def unverify(*, round_: Round, pk: int, by: User) -> Evidence:
    """Take the verification back; raises Evidence.DoesNotExist or RoundFrozenError."""
    row = _locked_evidence(round_, pk)
    overwrite(row, by=by, verified_by=None, verified_at=None)
    return row


@transaction.atomic
def remove_evidence(*, round_: Round, pk: int, by: User) -> None:
    """
    Take a piece of evidence away; its history stays, its file goes unless another round shows it too.

    Raises Evidence.DoesNotExist or RoundFrozenError.
    """
    row = _locked_evidence(round_, pk)
    file = row.file
    remove(row, by=by)
    if file and not Evidence.objects.filter(file=file.name).exists():
        transaction.on_commit(lambda: file.delete(save=False))


def set_texts(*, step: StepAnswer, texts: Iterable[str], by: User | None) -> bool:
    """
    Make the links and document names of a step these, in this order of the new ones; files stay.

    For imports, which hold the step locked. What stays the same keeps its author and its verification. Returns
    whether anything changed.
    """
    wanted = list(dict.fromkeys(texts))
    kept = {row.text: row for row in Evidence.objects.filter(step=step, file="")}
    for text, row in kept.items():
        if text not in wanted:
            remove(row, by=by)
    new = [text for text in wanted if text not in kept]
    for text in new:
        add(Evidence(step=step, text=text, added_by=by), by=by)
    return bool(new) or any(text not in wanted for text in kept)


def _locked_evidence(round_: Round, pk: int) -> Evidence:
    row: Evidence = Evidence.objects.of(round_).select_related("step").get(pk=pk)
    locked(StepAnswer, round_, row.step.key)
    again: Evidence = Evidence.objects.of(round_).select_for_update(of=("self",)).get(pk=pk)
    return again
