"""What billing tells the apps above; handled in the publisher's transaction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BillOpened:
    """Lines are charged; nobody has paid yet."""

    bill_id: int


@dataclass(frozen=True)
class BillPaid:
    """Every payer of the bill has paid."""

    bill_id: int


@dataclass(frozen=True)
class BillVoided:
    """The bill will never be paid."""

    bill_id: int


@dataclass(frozen=True)
class BillReturned:
    """Lines of a paid bill are given back; ``bill_id`` is the return bill, which names the bill it reverses."""

    bill_id: int


@dataclass(frozen=True)
class BillGivenBack:
    """Everything of a paid bill that stood is back with those who paid."""

    bill_id: int
