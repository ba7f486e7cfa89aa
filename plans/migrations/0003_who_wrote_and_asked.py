"""
Who changed each section's text last, and who sent it for the review it stands in, as its history tells.

Where no text was ever written, nobody has written it. What is approved stays approved, whoever approved it.
"""

from django.db import migrations

REVIEWED = ("in_review", "approved")


def forwards(apps, schema_editor):
    history = apps.get_model("plans", "HistoricalSection").objects.order_by("history_id")
    sections = apps.get_model("plans", "Section").objects
    for pk, status in sections.order_by("pk").values_list("pk", "status"):
        versions = history.filter(id=pk).values_list("body", "status", "history_user_id")
        wrote, asked = _signatures(versions.iterator(chunk_size=100))
        sections.filter(pk=pk).update(written_by=wrote, asked_by=asked if status in REVIEWED else None)


def _signatures(versions):
    text, stood, wrote, asked = "", "", None, None
    for body, status, user in versions:
        if body != text:
            wrote = user
        if status == "in_review" != stood:
            asked = user
        text, stood = body, status
    return wrote, asked


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_review")]

    # On the way back, the columns go and what was in them with them.
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
