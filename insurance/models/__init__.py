"""Claims, settlements and every message to the insurer."""

from insurance.models.claims import Claim, Settlement
from insurance.models.messages import GatewayMessage, SignIn
from insurance.models.registrations import VisitRegistration

__all__ = ["Claim", "GatewayMessage", "Settlement", "SignIn", "VisitRegistration"]
