"""Reports whose schedule had run out before the column was there: nothing asks about them by itself any more."""

from django.db import migrations

_HAND_OVER = """
UPDATE prescriptions_insurerreport SET needs_person_since = now()
WHERE state = 'unanswered' AND next_ask_at IS NULL AND needs_person_since IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('prescriptions', '0004_silent_reports_wait_for_a_person'),
    ]

    operations = [migrations.RunSQL(_HAND_OVER, migrations.RunSQL.noop)]
