"""Put the invented people of the demonstration into the register."""

import json
from pathlib import Path

from django.db import migrations

PEOPLE = Path(__file__).resolve().parents[1] / "people.json"


def load(apps, schema_editor):
    person = apps.get_model("identity", "Person")
    people = [person(**fields) for fields in json.loads(PEOPLE.read_text())]
    person.objects.bulk_create(people, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
