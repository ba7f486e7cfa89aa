"""The former roster goes; the table of its history stays in the database, where nothing reads it any more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coalition", "0003_from_the_roster")]

    operations = [
        # Nobody's account is held by a table that nothing knows of.
        migrations.AlterField(
            model_name="historicalmember",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                db_constraint=False,
            ),
        ),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="HistoricalMember")]),
        migrations.DeleteModel(name="Member"),
    ]
