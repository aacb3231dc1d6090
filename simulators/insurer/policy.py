"""What the funds pay: the shapes of a pooling area's policy, and which of its rows apply to a person on a day.

The rows themselves are data: ``policies/*.yaml``, read by ``policy_files``. Amounts are yuan, rates are fractions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# How far an account may be used.
NOTHING = "nothing"
IN_SCOPE = "in_scope"
IN_SCOPE_AND_FIRST_SHARE = "in_scope_and_first_share"
EVERYTHING = "everything"

ALWAYS = Decimal(1)


class PolicyNotFound(Exception):
    """No row covers this person, hospital and day."""


class RemoteTreatmentNotFiled(Exception):
    """The insured place pays nothing elsewhere in this manner of filing."""


@dataclass(frozen=True)
class Tier:
    """The fund pays ``rate`` of what lies below ``upto`` and above the tier before; ``upto`` None is endless."""

    upto: Decimal | None
    rate: Decimal


@dataclass(frozen=True)
class Cap:
    """A limit ``of`` what the fund pays or ``of`` the fees it shares, ``per`` year, quarter, month or visit."""

    amount: Decimal
    per: str = "year"
    of: str = "fund"
    by_disease: bool = False


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a row comes from. ``grade``: S secondary source, G general knowledge, S+G both (the
    note says which), D demonstration, O given by the user of a calculation."""

    source: str
    grade: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """For whom and when a row is in force: ``valid_from`` is inclusive, ``valid_until`` exclusive.

    ``psn_types`` are beginnings of codes. Empty ``levels``, ``med_types`` and ``diseases`` mean any.
    """

    insutype: str
    psn_types: tuple[str, ...]
    valid_from: date
    valid_until: date | None = None
    levels: tuple[str, ...] = ()
    med_types: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    youngest: int = 0
    civil_servants_only: bool = False
    aid_categories: tuple[str, ...] = ()

    def covers(self, claimant: "Claimant", treatment: "Treatment") -> bool:
        """Say whether this row is for this person, this treatment and this day."""
        return (
            self._is_for(claimant)
            and self.valid_from <= treatment.on
            and (self.valid_until is None or treatment.on < self.valid_until)
            and _any_or_in(self.levels, treatment.level)
            and _any_or_in(self.med_types, treatment.med_type)
            and _any_or_in(self.diseases, treatment.disease)
        )

    def _is_for(self, claimant: "Claimant") -> bool:
        return (
            self.insutype == claimant.insutype
            and claimant.psn_type.startswith(self.psn_types)
            and claimant.age >= self.youngest
            and (claimant.is_civil_servant or not self.civil_servants_only)
            and _any_or_in(self.aid_categories, claimant.aid_category)
        )


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """What the basic fund pays for one kind of treatment.

    ``counter`` names what counts together towards deductible and tiers; ``charge_types`` limits the row to lines of
    those kinds (empty: any). ``tier_base`` "fee" measures the tiers on the year's fees above the deductible, "fund"
    on what the fund has paid.
    """

    name: str
    scope: Scope
    origin: Origin
    tiers: tuple[Tier, ...]
    counter: str = "outpatient"
    charge_types: tuple[str, ...] = ()
    deductible: Decimal = Decimal(0)
    deductible_per: str = "year"
    tier_base: str = "fee"
    caps: tuple[Cap, ...] = ()

    def takes(self, charge_type: str) -> bool:
        """Say whether a line of this kind belongs here."""
        return not self.charge_types or charge_type in self.charge_types


@dataclass(frozen=True, kw_only=True)
class Supplement:
    """What a fund after the basic one pays; ``fund`` is the wire name of its amount.

    ``base`` "burden" is what is left of the in-scope fees, "beyond_cap" the fees that the basic fund's cap leaves out.
    The tiers are measured on the year's sum of that base; a first tier of rate 0 is the deductible.
    """

    name: str
    fund: str
    scope: Scope
    origin: Origin
    tiers: tuple[Tier, ...]
    base: str = "burden"
    cap: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class AccountRule:
    """What the personal account may pay; ``before_deductible``: this year's money is used up first of all."""

    scope: str
    origin: Origin
    before_deductible: bool = False


@dataclass(frozen=True, kw_only=True)
class AreaPolicy:
    """All rows of one pooling area. ``remote`` is the factor on the basic fund's rates by manner of filing."""

    area_prefix: str
    name: str
    schemes: tuple[Scheme, ...]
    supplements: tuple[Supplement, ...]
    account: AccountRule
    remote: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class Claimant:
    """The person, as the policy asks: ``area`` is where she is insured, ``age`` full years."""

    area: str
    insutype: str
    psn_type: str
    age: int = 0
    is_civil_servant: bool = False
    aid_category: str = ""


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """The treatment, as the policy asks: ``level`` 3, 2, 1 or 0 (基层); ``remote`` how treatment elsewhere was filed.

    ``remote`` is empty for treatment at home.
    """

    level: str
    med_type: str
    on: date
    disease: str = ""
    remote: str = ""
    visit: str = ""


@dataclass(frozen=True)
class Benefits:
    """What applies: the schemes in the order in which a line is offered to them, the supplements as they pay."""

    area: AreaPolicy
    schemes: tuple[Scheme, ...]
    supplements: tuple[Supplement, ...]
    rate_factor: Decimal = ALWAYS


def benefits_for(areas: tuple[AreaPolicy, ...], claimant: Claimant, treatment: Treatment) -> Benefits:
    """Find what applies. The benefits are those of the insured place, wherever the treatment is.

    The area with the longest matching code that has a row for the case is taken.

    Raises:
        PolicyNotFound: no area has a row for the case.
        RemoteTreatmentNotFiled: treated elsewhere in a manner that the insured place does not pay.
    """
    near = [area for area in areas if claimant.area.startswith(area.area_prefix)]
    for area in sorted(near, key=lambda area: -len(area.area_prefix)):
        schemes = tuple(row for row in area.schemes if row.scope.covers(claimant, treatment))
        if schemes:
            supplements = tuple(row for row in area.supplements if row.scope.covers(claimant, treatment))
            return Benefits(area, schemes, supplements, _factor(area, treatment))
    raise PolicyNotFound(
        f"{claimant.area} {claimant.insutype} {claimant.psn_type} {treatment.level} {treatment.med_type} {treatment.on}"
    )


def _factor(area: AreaPolicy, treatment: Treatment) -> Decimal:
    if not treatment.remote:
        return ALWAYS
    if treatment.remote not in area.remote:
        raise RemoteTreatmentNotFiled(treatment.remote)
    return area.remote[treatment.remote]


def _any_or_in(accepted: tuple[str, ...], value: str) -> bool:
    return not accepted or value in accepted
