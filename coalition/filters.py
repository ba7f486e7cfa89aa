"""Which part of the coalition to show: one filter for the list, the board and what is taken along."""

import django_filters
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.models import AWAITING, Lever, Part, Partner, Person, Sector, Status
from coalition.queries import matching
from coalition.wording import SHORT_SECTORS
from municipalities.access import Seat
from municipalities.framework import SHORT, Pillar

LATE = "late"


class Chosen(django_filters.FilterSet):
    """A filter as its form shows it: some fields always, the rest behind *More filters*."""

    MORE: tuple[str, ...] = ()

    @property
    def always(self) -> list[BoundField]:
        return [field for field in self.form if field.name not in self.MORE]

    @property
    def more(self) -> list[BoundField]:
        return [field for field in self.form if field.name in self.MORE]

    @property
    def more_set(self) -> bool:
        return any(field.name in self.set for field in self.more)

    @property
    def set(self) -> dict[str, object]:
        """What is chosen and makes sense."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}


class PartnerFilter(Chosen):
    """Partners by name, sector, status, pillar, lever, who asks, and whether somebody should get in touch."""

    MORE = ("lever", "asked_by", "due")

    text = django_filters.CharFilter(label=_("Name or notes contain"), method="by_text", max_length=200)
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=Sector, empty_label=_("All sectors"))
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Status, empty_label=_("Any status"))
    pillar = django_filters.ChoiceFilter(
        label=_("Pillar"),
        choices=[(p.value, SHORT[p]) for p in Pillar],
        empty_label=_("All pillars"),
        field_name="pillars",
        lookup_expr="contains",
    )
    lever = django_filters.ChoiceFilter(
        label=_("Can move"), choices=Lever, empty_label=_("Anything"), field_name="levers", lookup_expr="contains"
    )
    asked_by = django_filters.CharFilter(label=_("Who asks"), lookup_expr="icontains", max_length=200)
    due = django_filters.ChoiceFilter(
        label=_("Follow-up"), choices=[(LATE, _("Overdue"))], empty_label=_("Any day"), method="by_due"
    )

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, seat: Seat) -> None:
        # Who may not read notes does not find by them either.
        self.notes = seat.sees_contacts
        super().__init__(data, Partner.objects.of(seat.municipality))
        if not self.notes:
            self.form.fields["text"].label = _("Name contains")

    @property
    def words(self) -> list[str]:
        """What is chosen as its form says it, but sectors by their short names: "Sector: Philanthropy"."""
        return [f"{self.form.fields[name].label}: {self._word(name, value)}" for name, value in self.set.items()]

    def _word(self, name: str, value: object) -> str:
        if name == "sector":
            return str(SHORT_SECTORS[Sector(str(value))])
        choices = getattr(self.form.fields[name], "choices", ())
        return str(dict(choices).get(value, value))

    def by_text(self, rows: QuerySet[Partner], _name: str, value: str) -> QuerySet[Partner]:
        return matching(rows, value, notes=self.notes)

    def by_due(self, rows: QuerySet[Partner], _name: str, _value: str) -> QuerySet[Partner]:
        return rows.filter(follow_up_on__lt=timezone.localdate(), status__in=AWAITING)


class PersonFilter(Chosen):
    """People by name or partner, role and department."""

    text = django_filters.CharFilter(label=_("Name or partner contains"), method="by_text", max_length=200)
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Part, empty_label=_("All roles"))
    department = django_filters.CharFilter(label=_("Department"), lookup_expr="icontains", max_length=200)

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, seat: Seat) -> None:
        self.partners = Partner.objects.of(seat.municipality)
        super().__init__(data, Person.objects.of(seat.municipality))

    def by_text(self, rows: QuerySet[Person], _name: str, value: str) -> QuerySet[Person]:
        # Each partner's name is looked at once, not once for each of their people.
        partners = self.partners.filter(name__icontains=value).values("pk")
        return rows.filter(Q(name__icontains=value) | Q(partner__in=partners))
