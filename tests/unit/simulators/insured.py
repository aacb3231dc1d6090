"""One bill of an insured person, divided by a shipped policy; every default is the plainest case."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from simulators.insurer.calculation import LineSplit, Split, Standing, split_line, split_settlement
from simulators.insurer.counting import Count
from simulators.insurer.policy import AreaPolicy, Claimant, Treatment, benefits_for
from simulators.insurer.policy_files import shipped_policies

D = Decimal
SPRING = date(2026, 3, 2)
EMPLOYEE, RESIDENT = "310", "390"
EMPLOYED, RETIRED, ADULT, STUDENT = "1101", "1201", "1501", "1404"
CONSULTATION, DRUG = "02", "09"


def line(
    price: str,
    quantity: str = "1",
    rate: str = "0",
    limit: str | None = None,
    *,
    own: bool = False,
    charge: str = DRUG,
) -> LineSplit:
    return split_line(
        price=D(price),
        quantity=D(quantity),
        selfpay_rate=D(rate),
        price_limit=None if limit is None else D(limit),
        wholly_own=own,
        charge_type=charge,
    )


def count(deducted: str = "0", eligible: str = "0", fund: str = "0") -> Count:
    return Count(D(deducted), D(eligible), D(fund))


def bill(
    area: str,
    *lines: LineSplit | str,
    insutype: str = EMPLOYEE,
    psn_type: str = EMPLOYED,
    level: str = "3",
    on: date = SPRING,
    age: int = 40,
    med_type: str = "11",
    disease: str = "",
    visit: str = "1",
    remote: str = "",
    civil_servant: bool = False,
    aid: str = "",
    balance: str = "0.00",
    of_year: str = "0.00",
    family: str = "0.00",
    use_account: bool = True,
    counts: Mapping[tuple[str, str], Count] | None = None,
    areas: tuple[AreaPolicy, ...] | None = None,
) -> Split:
    """Divide a bill; a line given as text is an in-scope drug of that price."""
    claimant = Claimant(
        area=area,
        insutype=insutype,
        psn_type=psn_type,
        age=age,
        is_civil_servant=civil_servant,
        aid_category=aid,
    )
    treatment = Treatment(level=level, med_type=med_type, on=on, disease=disease, remote=remote, visit=visit)
    standing = Standing(D(balance), D(of_year), D(family), counts or {})
    rows = [line(one) if isinstance(one, str) else one for one in lines]
    benefits = benefits_for(areas or shipped_policies(), claimant, treatment)
    return split_settlement(rows, benefits, treatment, standing, use_account=use_account)


def year(deducted: str = "0", eligible: str = "0", fund: str = "0") -> dict[tuple[str, str], Count]:
    """What the ordinary visits of the year have come to."""
    return {("outpatient", ""): count(deducted, eligible, fund)}
