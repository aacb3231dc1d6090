"""What the insurance app tells checkout."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClaimPresettled:
    """The insurer has said what it would pay."""

    claim_id: int


@dataclass(frozen=True)
class ClaimDeclined:
    """The insurer has refused; nothing happened there."""

    claim_id: int


@dataclass(frozen=True)
class ClaimUnconfirmed:
    """A message was sent and its outcome is not known yet."""

    claim_id: int


@dataclass(frozen=True)
class ClaimSettled:
    """The insurer has settled."""

    claim_id: int


@dataclass(frozen=True)
class ClaimReversed:
    """The settlement is taken back."""

    claim_id: int
