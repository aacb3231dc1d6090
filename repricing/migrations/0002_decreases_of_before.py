"""Lower prices that were carried out before billing kept them with the lines.

Of a line no more is kept than it cost, and no more cash than she paid of it, the first found first: what was lowered,
raised by a supplementary bill and lowered again adds up to more, and the rest is not this line's.
"""

from django.db import migrations

_KEEP = """
INSERT INTO billing_pricedecrease (line_id, amount, cash_amount, key, at)
SELECT charge_id, kept, greatest(least(cash, kept, paid_cash - cash_before), 0), 'correction:' || id, carried_out_at
FROM (
    SELECT found.*, least(amount, charged - amount_before) AS kept
    FROM (
        SELECT correction.id, charge_id, carried_out_at, charge.amount AS charged,
            coalesce(charge.cash_amount, charge.amount) AS paid_cash,
            -difference_amount AS amount, greatest(-cash_difference, 0) AS cash,
            coalesce(sum(-difference_amount) OVER earlier, 0) AS amount_before,
            coalesce(sum(greatest(-cash_difference, 0)) OVER earlier, 0) AS cash_before
        FROM repricing_correctionline AS correction JOIN billing_feedetail AS charge ON charge.id = charge_id
        WHERE carried_out_at IS NOT NULL AND difference_amount < 0
            AND NOT EXISTS (SELECT 1 FROM billing_feedetail WHERE reverses_id = correction.charge_id)
        WINDOW earlier AS (
            PARTITION BY charge_id ORDER BY carried_out_at, correction.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    ) AS found
) AS capped
WHERE kept > 0
ON CONFLICT (key) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0007_lower_prices_and_what_stays'),
        ('repricing', '0001_initial'),
    ]

    operations = [migrations.RunSQL(_KEEP, migrations.RunSQL.noop)]
