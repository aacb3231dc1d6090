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
class ClaimVoided:
    """A settlement of unknown outcome is undone: the insurer holds nothing of it, and will not."""

    claim_id: int


@dataclass(frozen=True)
class ClaimReversed:
    """The settlement is taken back."""

    claim_id: int


@dataclass(frozen=True)
class ReversalRefused:
    """A person has found that the insurer does not take the settlement back; it stands."""

    claim_id: int


@dataclass(frozen=True)
class LinesReturned:
    """Lines were given back and the rest is settled again, or is not insured any more; differences are on the row."""

    line_return_id: int
