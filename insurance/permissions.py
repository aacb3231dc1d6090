"""Who works with the insurance, and who only reads."""

from accounts.models import Role

OFFICE = (Role.INSURANCE_OFFICE,)
"""The insurance office: agreements, claims that need a person, differences, audit rules."""

READERS = (*OFFICE, Role.FINANCE, Role.ADMINISTRATOR)
"""Who may look at it."""
