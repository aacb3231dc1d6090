from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from simulators.insurer.seed import seed_people


def insure_demo_people(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    seed_people(apps.get_model("insurer", "Person"), apps.get_model("insurer", "Coverage"))


class Migration(migrations.Migration):
    """The insurer starts with its demo people."""

    dependencies = [("insurer", "0001_initial")]

    operations = [migrations.RunPython(insure_demo_people, migrations.RunPython.noop)]
