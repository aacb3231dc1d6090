"""Who looks after channels and refunds, and who only reads; as in the finance office, which stands above this app."""

from accounts.models import Role

OFFICE = (Role.FINANCE,)
"""Settles incidents, asks for failed refunds anew, notes and confirms what was given back by hand."""

SETTERS = (Role.FINANCE, Role.ADMINISTRATOR)
"""Choose the channels that an institution offers."""

READERS = (*OFFICE, Role.INSURANCE_OFFICE, Role.ADMINISTRATOR, Role.REGULATOR)
"""Who may look at it."""
