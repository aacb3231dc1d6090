"""Every settlement names its institution, those written before as well."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
ALTER TABLE insurance_settlement DISABLE TRIGGER USER;
UPDATE insurance_settlement AS settlement
   SET institution_id = encounter.institution_id
  FROM insurance_claim AS claim
  JOIN insurance_visitregistration AS registration ON registration.id = claim.registration_id
  JOIN encounters_encounter AS encounter ON encounter.id = registration.encounter_id
 WHERE claim.id = settlement.claim_id;
ALTER TABLE insurance_settlement ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Fill the column, then ask for it. Not in one transaction: filled rows have checks waiting."""

    atomic = False

    dependencies = [("insurance", "0002_settlement_at_scale")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="settlement",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.institution"
            ),
        ),
    ]
