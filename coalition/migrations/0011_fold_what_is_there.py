"""The folded names and addresses of everybody who is there already, and of their history."""

from django.db import migrations

KINDS = {
    "Partner": {"name_folded": "name"},
    "HistoricalPartner": {"name_folded": "name"},
    "Person": {"name_folded": "name", "email_folded": "email"},
    "HistoricalPerson": {"name_folded": "name", "email_folded": "email"},
}
MANY = 500


def forwards(apps, schema_editor):
    for kind, folded in KINDS.items():
        rows = apps.get_model("coalition", kind)._base_manager.only("pk", *folded.values())
        waiting = []
        for row in rows.iterator(chunk_size=MANY):
            for name, of in folded.items():
                setattr(row, name, getattr(row, of).casefold())
            waiting.append(row)
            if len(waiting) == MANY:
                rows.bulk_update(waiting, list(folded))
                waiting = []
        rows.bulk_update(waiting, list(folded))


class Migration(migrations.Migration):
    dependencies = [("coalition", "0010_folded")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
