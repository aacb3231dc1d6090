"""Who may simulate prices, and who may correct charges."""

from accounts.models import Role

OFFICE = (Role.ADMINISTRATOR, Role.FINANCE)
"""Price and money offices: they simulate, draft, review and carry out."""

READERS = (*OFFICE, Role.INSURANCE_OFFICE)
"""Who reads corrections: the insurance office settles the shares of fund and account anew."""
