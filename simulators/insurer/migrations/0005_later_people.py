from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from simulators.insurer.people import LATER_PEOPLE
from simulators.insurer.seed import Tables, seed_people


def insure_later_people(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tables = Tables(
        people=apps.get_model("insurer", "Person"),
        coverages=apps.get_model("insurer", "Coverage"),
        filings=apps.get_model("insurer", "ChronicFiling"),
    )
    seed_people(tables, LATER_PEOPLE)


class Migration(migrations.Migration):
    """People for two insurances, top-up funds, family account and treatment far from home."""

    dependencies = [("insurer", "0004_records")]

    operations = [migrations.RunPython(insure_later_people, migrations.RunPython.noop)]
