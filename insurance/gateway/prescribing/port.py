"""What the e-prescription centre can be asked for; errors are those of the insurer's gateway."""

from typing import Protocol

from insurance.gateway.port import Exchange, GatewayRefused
from insurance.gateway.prescribing import following, prechecking, signing


class NumberTaken(GatewayRefused):
    """The centre has a prescription of this number of ours, or has seen this trace code used, already."""


class NoSuchPrescription(GatewayRefused):
    """The centre holds no prescription of this number in force, lapsed or withdrawn."""


class PrescriptionCentre(Protocol):
    """The centre of one institution. Each verb is one message.

    Every verb raises GatewayRefused (final, nothing happened), GatewayUnanswered (nobody knows) or
    GatewayMisconfigured (the way is closed; nothing happened).
    """

    def precheck(self, request: prechecking.PrecheckPrescription) -> Exchange[prechecking.PrecheckReply]:
        """D001: have it checked; nothing is in force yet."""
        ...

    def sign(self, request: signing.SignPrescription) -> Exchange[signing.SignatureReply]:
        """D002: have original and fields signed. May be repeated."""
        ...

    def upload(self, request: signing.UploadPrescription) -> Exchange[signing.UploadReply]:
        """D003: from now on a designated pharmacy can take it."""
        ...

    def withdraw(self, request: following.WithdrawPrescription) -> Exchange[following.HeldPrescription]:
        """D004: take it out of circulation. Refused once medicines were taken."""
        ...

    def read(self, request: following.AskPrescription) -> Exchange[following.HeldPrescription]:
        """D005: how the centre holds it. No side effect."""
        ...

    def review_of(self, request: following.AskPrescription) -> Exchange[following.PharmacyReview]:
        """D006: what the pharmacy's pharmacist said. No side effect."""
        ...

    def taking_of(self, request: following.AskPrescription) -> Exchange[following.TakingReply]:
        """D007: whether medicines were taken. No side effect."""
        ...
