"""Rules a hospital may set: where no law gives a number, each has a default and the reason for it."""

from decimal import Decimal

from hospital.settings import environment

# --- Prescriptions, prices and money --------------------------------------------------------------

# Days a prescription is valid, the day of issue included: the law allows 1, and with a reason at most 3.
PRESCRIPTION_VALIDITY_DAYS = int(environment.text("PRESCRIPTION_VALIDITY_DAYS", "3"))
PRESCRIPTION_VALIDITY_REASON = environment.text("PRESCRIPTION_VALIDITY_REASON", "在线审方、缴费需要时间")

# Whether the insurer is asked about an order before it is signed and before it is charged (3101, 3102), and for how many
# seconds somebody may wait for its answer; without one the local audit rules decide. No national figure is known.
SCREENING_ASKS_INSURER = environment.flag("SCREENING_ASKS_INSURER", default=True)
INSURANCE_AUDIT_SECONDS = float(environment.text("INSURANCE_AUDIT_SECONDS", "3"))

# Whether nothing is handed out without the traceability code of each pack. The duty comes province by province and some
# packs bear none, so a hospital switches it on when its pharmacy has scanners; codes that are given are always checked.
TRACEABILITY_CODES_REQUIRED = environment.flag("TRACEABILITY_CODES_REQUIRED", default=False)

# Whether a regulator's ceiling is charged where a public hospital has published nothing lower of its own. By general
# knowledge hospitals charge the ceiling of the province's table unless they announce less, and the price list that is
# posted comes from the same rows; "no" asks for a published price of the hospital's own.
PRICING_CEILING_IS_CHARGED = environment.flag("PRICING_CEILING_IS_CHARGED", default=True)
# Days between the day an on-site fee is published and its first day. A hospital's notice of 2023-12-20 to 26, in force
# on 2024-01-01, gives seven (source S23); no national number is known.
PRICING_ONSITE_FEE_NOTICE_DAYS = int(environment.text("PRICING_ONSITE_FEE_NOTICE_DAYS", "7"))

# Who bears what a price that is corrected upwards would have brought in: "hospital" or "patient". No document is known
# that lets a hospital ask for more afterwards, and she agreed to the price she was shown; so the hospital bears it
# unless somebody decides otherwise for a batch.
CORRECTION_INCREASES_BORNE_BY = environment.text("CORRECTION_INCREASES_BORNE_BY", "hospital")
# Whole days that a day of the ledger still takes entries after it has ended. WeChat Pay tells of a payment again for
# 24 hours and 4 minutes; what is told later still is dated to the first open day. Ours.
LEDGER_DAYS_OPEN = int(environment.text("LEDGER_DAYS_OPEN", "1"))
# Days a patient has to pay a supplementary bill.
CORRECTION_PAYMENT_DAYS = int(environment.text("CORRECTION_PAYMENT_DAYS", "30"))
# Yuan above which a second person agrees to a refund that somebody asks for. No document is known; the amount lies above
# a consultation fee and a month's tablets, which are what is asked back most, and below whatever would be worth a fraud.
REFUND_SECOND_PERSON_ABOVE = Decimal(environment.text("REFUND_SECOND_PERSON_ABOVE", "200.00"))
# Yuan above which a second person closes a difference of reconciliation that somebody has explained or corrected; 0: every
# one. The same as for refunds: whoever may not give that much back alone shall not explain it away alone either.
RECONCILIATION_SECOND_PERSON_ABOVE = Decimal(environment.text("RECONCILIATION_SECOND_PERSON_ABOVE", "200.00"))

# --- Visits ---------------------------------------------------------------------------------------

PLACE_HOLD_MINUTES = int(environment.text("PLACE_HOLD_MINUTES", "15"))
# Minutes after a slot when a visit that no doctor has begun counts as missed; empty: at the end of the day, as a
# hospital's public notice does it. No national number is known.
_missed = environment.text("REVISIT_MISSED_AFTER_MINUTES", "")
REVISIT_MISSED_AFTER_MINUTES = int(_missed) if _missed else None

# Minutes after which a prescription that waits for the pharmacist is marked as late.
PRESCRIPTION_REVIEW_MINUTES = int(environment.text("PRESCRIPTION_REVIEW_MINUTES", "15"))
# Days a diagnosis made at a hospital counts as proof of a re-diagnosis. There is no national number (V-12);
# half a year is what hospitals publish most.
REVISIT_PROOF_WINDOW_DAYS = int(environment.text("REVISIT_PROOF_WINDOW_DAYS", "180"))
