"""A person who asks to be erased: nothing of them stays, and every count and decision stays true."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from coalition.models import Attendance, Contact, FollowUp, Meeting, Merge, MergeKind, Partner, Person, Promise
from municipalities.models import Municipality
from municipalities.records import Record, forget, overwrite

# What stands for somebody who was erased, and for what was said with them.
NAME, SAID = "Erased person", "Erased."
PERSONAL = {
    "name": NAME,
    "title": "",
    "email": "",
    "phone": "",
    "department": "",
    "lived_experience": False,
    "listed": False,
    "notes": "",
    "account": None,
}
# Of a person who speaks for themself.
OF_THE_PARTNER = {"name": NAME, "website": "", "notes": "", "ask": "", "offer": "", "listed": False}


@transaction.atomic
def erase_person(*, municipality: Municipality, pk: int, by: User) -> Person:
    """
    Take everything that tells who somebody is out of the coalition, its history included, for good.

    They stay as a nameless person with their role and hours, in their groups and meetings, so that counts stay true.
    With somebody who speaks for themself go the request, the log and the notes of the self-check towards them.
    Follow-ups under their name have no owner then. Free texts elsewhere that name them are not searched. Raises
    Person.DoesNotExist, for who is erased already too.
    """
    rows = Person.objects.of(municipality).select_related("partner").filter(erased_at=None)
    row: Person = rows.select_for_update(of=("self",)).get(pk=pk)
    _erase_from_follow_ups(municipality, row, by)
    _erase(Attendance, Attendance.objects.filter(person=pk, meeting__municipality=municipality), by, name=NAME)
    # Who was merged into them stands in the history only.
    before = _merged_into(municipality, MergeKind.PERSON, pk)
    if row.partner.individual:
        partners = _merged_into(municipality, MergeKind.PARTNER, row.partner_id)
        before += list(Person.history.filter(partner_id__in=partners).values_list("id", flat=True))
        forget(Partner, Q(id__in=partners), **OF_THE_PARTNER)
        partner = Partner.objects.select_for_update().get(pk=row.partner_id)
        _erase(Partner, [partner], by, **OF_THE_PARTNER)
        _erase(Contact, Contact.objects.filter(partner=partner), by, text=SAID)
        _erase(Promise, Promise.objects.filter(partner=partner), by, note="")
        for kind, said in ((Contact, {"text": SAID}), (Promise, {"note": ""})):
            forget(kind, Q(partner_id__in=[partner.pk, *partners]), **said)
    _erase(Person, [row], by, erased_at=timezone.now(), **PERSONAL)
    forget(Person, Q(id__in=before), **PERSONAL)
    forget(Attendance, Q(person__in=[pk, *before]), name=NAME)
    return row


def _merged_into(municipality: Municipality, kind: MergeKind, number: int) -> list[int]:
    """The numbers of all that ever were put into this one, directly or by way of another."""
    merges = Merge.objects.filter(municipality=municipality, kind=kind, undone_at=None).values_list("kept", "gone")
    into: dict[int, list[int]] = {}
    for kept, gone in merges:
        into.setdefault(kept, []).append(gone)
    found, to_see = [], [number]
    while to_see:
        gone_into = into.get(to_see.pop(), [])
        found += gone_into
        to_see += gone_into
    return found


def _erase(kind: type[Record], rows: Any, by: User, **values: object) -> None:
    numbers = []
    for row in rows:
        overwrite(row, by=by, **values)
        numbers.append(row.pk)
    forget(kind, Q(id__in=numbers), **{name: value for name, value in values.items() if name != "erased_at"})


def _erase_from_follow_ups(municipality: Municipality, person: Person, by: User) -> None:
    called = Q(owner__iexact=person.name)
    if person.email:
        called |= Q(owner__iexact=person.email)
    here = Q(meeting__in=Meeting.objects.of(municipality).values("pk"))
    for row in FollowUp.objects.filter(called, here):
        overwrite(row, by=by, owner="")
    # Somebody else may have taken it over since.
    forget(FollowUp, called & here, owner="")
