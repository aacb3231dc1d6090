"""The people this insurer covers. DEMONSTRATION: every one of them is invented.

The ID numbers carry a valid check digit so that the hospital's own check can be shown.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

EMPLOYEE = "310"  # 职工基本医疗保险
RESIDENT = "390"  # 城乡居民基本医疗保险


@dataclass(frozen=True)
class DemoPerson:
    """A covered person. ``balance`` and ``deducted`` (towards this year's deductible) are yuan."""

    name: str
    id_number: str
    gender: str  # 1 male, 2 female
    born_on: date
    psn_no: str
    insutype: str
    psn_type: str
    balance: Decimal
    deducted: Decimal
    status: str  # 1 normal, 2 suspended
    area: str  # where the person is insured
    card_no: str
    remote_filed: bool = False  # has filed for treatment outside the insured place


# The first one's account is nearly empty, so that a demonstration bill shows all three payers.
PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        name="张秀英", id_number="330106195603089829", gender="2", born_on=date(1956, 3, 8),
        psn_no="33010000000000000001", insutype=EMPLOYEE, psn_type="1201",
        balance=Decimal("2.00"), deducted=Decimal("300.00"), status="1", area="330100", card_no="DA0000001",
    ),
    DemoPerson(
        name="张建国", id_number="330106195306159712", gender="1", born_on=date(1953, 6, 15),
        psn_no="33010000000000000002", insutype=RESIDENT, psn_type="1601",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000002",
    ),
    DemoPerson(
        name="李小明", id_number="330106201809019939", gender="1", born_on=date(2018, 9, 1),
        psn_no="33010000000000000003", insutype=RESIDENT, psn_type="1403",
        balance=Decimal("0.00"), deducted=Decimal("100.00"), status="1", area="330100", card_no="DA0000003",
    ),
    DemoPerson(
        name="王海燕", id_number="330106197905209848", gender="2", born_on=date(1979, 5, 20),
        psn_no="33010000000000000004", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("3560.40"), deducted=Decimal("600.00"), status="1", area="330100", card_no="DA0000004",
    ),
    DemoPerson(
        name="赵志强", id_number="330106197011129750", gender="1", born_on=date(1970, 11, 12),
        psn_no="33010000000000000005", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("812.05"), deducted=Decimal("600.00"), status="2", area="330100", card_no="DA0000005",
    ),
    DemoPerson(
        name="陈静", id_number="330106198810219861", gender="2", born_on=date(1988, 10, 21),
        psn_no="11010000000000000006", insutype=EMPLOYEE, psn_type="1101",
        balance=Decimal("2080.66"), deducted=Decimal("1800.00"), status="1", area="110100", card_no="DA0000006",
        remote_filed=True,
    ),
)  # fmt: skip
