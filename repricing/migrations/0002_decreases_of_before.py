"""Lower prices that were carried out before billing kept them with the lines."""

from django.db import migrations

_KEEP = """
INSERT INTO billing_pricedecrease (line_id, amount, cash_amount, key, at)
SELECT charge_id, -difference_amount, least(greatest(-cash_difference, 0), -difference_amount), 'correction:' || id,
    carried_out_at
FROM repricing_correctionline AS correction
WHERE carried_out_at IS NOT NULL AND difference_amount < 0
    AND NOT EXISTS (SELECT 1 FROM billing_feedetail WHERE reverses_id = correction.charge_id)
ON CONFLICT (key) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0007_lower_prices_and_what_stays'),
        ('repricing', '0001_initial'),
    ]

    operations = [migrations.RunSQL(_KEEP, migrations.RunSQL.noop)]
