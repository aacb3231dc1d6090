"""Agreements, authorisations, claims, settlements and every message to the insurer."""

from insurance.models.agreements import (
    Agreement,
    AgreementDocument,
    AgreementKind,
    AgreementSuspension,
    InsuredService,
    PayableRule,
)
from insurance.models.authorizations import AuthorizationWay, VoucherAuthorization
from insurance.models.claims import Claim, Route, Settlement
from insurance.models.messages import GatewayMessage, SignIn
from insurance.models.mobile import InboundMessage, MobileOrder, MobileRefund, Verdict
from insurance.models.registrations import VisitRegistration
from insurance.models.returns import LineReturn

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementKind",
    "AgreementSuspension",
    "AuthorizationWay",
    "Claim",
    "GatewayMessage",
    "InboundMessage",
    "InsuredService",
    "LineReturn",
    "MobileOrder",
    "MobileRefund",
    "PayableRule",
    "Route",
    "Settlement",
    "SignIn",
    "Verdict",
    "VisitRegistration",
    "VoucherAuthorization",
]
