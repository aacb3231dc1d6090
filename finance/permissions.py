"""Who works in the finance office, and who only reads."""

from accounts.models import Role

OFFICE = (Role.FINANCE,)
"""The finance office: cashier days, checkouts that hang, payouts, refunds."""

READERS = (*OFFICE, Role.INSURANCE_OFFICE, Role.ADMINISTRATOR, Role.REGULATOR)
"""Who may look at it."""
