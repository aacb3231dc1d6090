from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from simulators.insurer.people import PEOPLE
from simulators.insurer.seed import Tables, seed_people


def insure_demo_people(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tables = Tables(people=apps.get_model("insurer", "Person"), coverages=apps.get_model("insurer", "Coverage"))
    seed_people(tables, PEOPLE)


class Migration(migrations.Migration):
    """The insurer starts with its demo people."""

    dependencies = [("insurer", "0001_initial")]

    operations = [migrations.RunPython(insure_demo_people, migrations.RunPython.noop)]
