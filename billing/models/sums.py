"""What the database checks: a bill is the sum of its lines payer by payer, and what was paid stays as it was paid."""

import pgtrigger

from billing.rules import PAYERS

_COLUMNS = [f"{payer}_amount" for payer in PAYERS]
_SUMS = ", ".join(f"sum({column}) AS {column}" for column in _COLUMNS)
_KNOWN = ", ".join(f"bill.{column}" for column in _COLUMNS)
_SUMMED = ", ".join(f"lines.{column}" for column in _COLUMNS)

_CHECK = """
SELECT * INTO bill FROM billing_bill WHERE id = {key};
SELECT count(*) AS many, count(cash_amount) AS known, sum(amount) AS amount, {sums} INTO lines
FROM billing_feedetail WHERE bill_id = bill.id;
IF lines.many = 0 OR lines.amount <> bill.total_amount THEN
    RAISE EXCEPTION 'bill % of % yuan has lines of % yuan', bill.number, bill.total_amount, coalesce(lines.amount, 0)
        USING ERRCODE = 'check_violation';
END IF;
IF bill.cash_amount IS NULL AND lines.known > 0 OR bill.cash_amount IS NOT NULL
    AND (lines.known < lines.many OR ({known}) IS DISTINCT FROM ({summed})) THEN
    RAISE EXCEPTION 'the payers of the lines are not those of bill %', bill.number USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""

_WORTH = """
IF given.amount + (SELECT coalesce(sum(amount), 0) FROM billing_feedetail WHERE reverses_id = given.id)
    < (SELECT coalesce(sum(cash_amount), 0) FROM billing_pricedecrease WHERE line_id = given.id) THEN
    RAISE EXCEPTION 'more yuan of line % go back than were paid', given.number USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""

_RETURNED = """
IF NEW.reverses_id IS NULL THEN
    IF EXISTS (SELECT 1 FROM billing_bill WHERE id = NEW.bill_id AND reverses_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a line of a return gives back a line' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END IF;
SELECT * INTO given FROM billing_feedetail WHERE id = NEW.reverses_id;
IF NOT EXISTS (SELECT 1 FROM billing_bill WHERE id = NEW.bill_id AND reverses_id = given.bill_id) THEN
    RAISE EXCEPTION 'a return gives back lines of its own bill' USING ERRCODE = 'check_violation';
END IF;
IF given.quantity + (SELECT sum(quantity) FROM billing_feedetail WHERE reverses_id = given.id) < 0 THEN
    RAISE EXCEPTION 'more of line % goes back than was charged', given.number USING ERRCODE = 'check_violation';
END IF;
{worth}"""

_PAYERS_STAY = """
IF {when} THEN
    RAISE EXCEPTION 'who paid what of a paid bill never changes' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def sums_of_bill(key: str, name: str) -> pgtrigger.Trigger:
    """Lines sum to their bill at commit, in all and by payer; a bill has lines.

    Args:
        key: SQL for the id of the bill.
        name: name of the trigger.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        declare=[("bill", "billing_bill"), ("lines", "RECORD")],
        func=_CHECK.format(key=key, sums=_SUMS, known=_KNOWN, summed=_SUMMED),
    )


def payers_stay(when: str, name: str) -> pgtrigger.Trigger:
    """Who pays how much is said while a bill is open; SQL ``when`` tells that the row's bill is paid, or was."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*_COLUMNS),
        func=_PAYERS_STAY.format(when=when),
    )


def decreases_within_paid() -> pgtrigger.Trigger:
    """At commit no more of a line has gone back, by returns and by corrected prices together, than it cost."""
    return pgtrigger.Trigger(
        name="decreases_within_paid",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("given", "billing_feedetail")],
        func="\nSELECT * INTO given FROM billing_feedetail WHERE id = NEW.line_id;" + _WORTH,
    )


def returns_within_charged() -> pgtrigger.Trigger:
    """At commit no line is given back beyond its quantity and its yuan, and only by a return of its own bill."""
    return pgtrigger.Trigger(
        name="returns_within_charged",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("given", "billing_feedetail")],
        func=_RETURNED.format(worth=_WORTH),
    )
