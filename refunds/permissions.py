"""Who asks for refunds and agrees to them, and who only reads."""

from accounts.models import Role

OFFICE = (Role.FINANCE,)
"""The finance office asks, agrees, declines and sends again."""

READERS = (*OFFICE, Role.INSURANCE_OFFICE, Role.ADMINISTRATOR, Role.REGULATOR)
"""Who may look at it."""
