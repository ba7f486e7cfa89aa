"""The table of the database cache, so that `migrate` is all there is to do."""

from django.conf import settings
from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    connection = schema_editor.connection
    existing = connection.introspection.table_names()
    for cache in settings.CACHES.values():
        if cache["BACKEND"].endswith(".DatabaseCache") and cache["LOCATION"] in existing:
            schema_editor.execute(f"DROP TABLE {connection.ops.quote_name(cache['LOCATION'])}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
