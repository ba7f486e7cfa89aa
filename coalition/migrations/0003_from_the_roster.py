"""
Every row of the former roster becomes a partner and, where it named somebody, a person.

Rows of one organization become one partner with several people; its status is the furthest of theirs, and where they
differed each person's notes say so. Whether somebody agreed to be named in public was never asked: nobody is listed.
"""

from itertools import groupby

from django.db import migrations

ORDER = ["committed", "in_conversation", "asked", "identified", "declined"]
BECAUSE = "Taken over from the roster"


def forwards(apps, schema_editor):
    rows = apps.get_model("coalition", "Member").objects.order_by("municipality_id", "pk")
    for municipality, of_town in groupby(rows, key=lambda row: row.municipality_id):
        by_name = {}
        for row in of_town:
            by_name.setdefault(row.organisation.casefold() or f"\n{row.pk}", []).append(row)
        for members in by_name.values():
            _take_over(apps, municipality, members)


def _take_over(apps, municipality, members):
    first = members[0]
    furthest = min((row.status for row in members), key=ORDER.index)
    partner = _make(
        apps,
        "Partner",
        first,
        municipality_id=municipality,
        name=first.organisation or first.person,
        individual=not first.organisation,
        sector=first.sector,
        status=furthest,
    )
    for row in members:
        if row.person:
            differs = (row.status, row.sector) != (furthest, first.sector)
            notes = f"On the former roster: {row.get_status_display()}, {row.get_sector_display()}." if differs else ""
            _make(apps, "Person", row, partner_id=partner.pk, name=row.person, role=row.role, notes=notes)


def _make(apps, kind, source, **values):
    """A row and the first line of its history, signed as what it was made of."""
    signed = {"updated_at": source.updated_at, "updated_by_id": source.updated_by_id}
    row = apps.get_model("coalition", kind).objects.create(**values, **signed)
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    apps.get_model("coalition", f"Historical{kind}").objects.create(
        **fields,
        history_date=source.updated_at,
        history_user_id=source.updated_by_id,
        history_type="+",
        history_change_reason=BECAUSE,
    )
    return row


def backwards(apps, schema_editor):
    """Each person, or the partner alone, becomes a row of the roster; what it has no column for is lost."""
    people = apps.get_model("coalition", "Person").objects
    for partner in apps.get_model("coalition", "Partner").objects.order_by("pk"):
        found = list(people.filter(partner=partner).order_by("pk"))
        for person in found or [None]:
            _make(
                apps,
                "Member",
                person or partner,
                municipality_id=partner.municipality_id,
                organisation="" if partner.individual else partner.name,
                person=person.name if person else "",
                sector=partner.sector,
                role=person.role if person else "partner",
                status=partner.status,
            )


class Migration(migrations.Migration):
    dependencies = [("coalition", "0002_partners")]

    operations = [migrations.RunPython(forwards, backwards)]
