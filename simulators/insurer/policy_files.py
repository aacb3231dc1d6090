"""Reading the policies of pooling areas from their data files, naming every fault."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .policy import (
    EVERYTHING,
    IN_SCOPE,
    IN_SCOPE_AND_FIRST_SHARE,
    NOTHING,
    AccountRule,
    AreaPolicy,
    Cap,
    Origin,
    Scheme,
    Scope,
    Supplement,
    Tier,
)
from .reading import Fault, Reader, Unreadable

FOLDER = Path(__file__).parent / "policies"
GRADES = ("S", "S+G", "G", "D", "O")
SPANS = ("year", "quarter", "month", "visit")
SUPPLEMENT_FUNDS = ("hifmi_pay", "hifob_pay", "hifes_pay", "cvlserv_pay", "maf_pay", "oth_pay")


@cache
def shipped_policies() -> tuple[AreaPolicy, ...]:
    """The policies of all files, in the order of their names.

    Raises:
        Unreadable: naming every fault of the first faulty file.
    """
    return tuple(read_file(path) for path in sorted(FOLDER.glob("*.yaml")))


def read_file(path: Path) -> AreaPolicy:
    """Read one file.

    Raises:
        Unreadable: naming the file and every fault.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as broken:
        raise Unreadable([Fault(path.name, f"不是YAML：{broken}")]) from broken
    if not isinstance(content, dict):
        raise Unreadable([Fault(path.name, "应为对象")])
    reader = Reader(content, path.name)
    area = read_area(reader)
    if reader.faults:
        raise Unreadable(reader.faults)
    return area


def read_area(reader: Reader) -> AreaPolicy:
    """Read one area's policy; the faults are left with the reader."""
    area = AreaPolicy(
        area_prefix=reader.text("area"),
        name=reader.text("name"),
        schemes=tuple(row for scheme in reader.nodes("schemes") for row in _schemes(scheme)),
        supplements=tuple(
            row
            for supplement in reader.nodes("supplements", required=False)
            for row in _supplements(supplement)
        ),
        account=_account(reader.node("account")),
        remote=_remote(reader.node("remote", required=False)),
    )
    reader.refuse_unknown_keys()
    return area


def _schemes(reader: Reader) -> list[Scheme]:
    """Read one scheme: what its rows have in common, and the rows."""
    shared: dict[str, Any] = {
        "name": reader.text("name"),
        "counter": reader.text("counter", "outpatient"),
        "origin": _origin(reader),
        "charge_types": reader.texts("charge_types"),
        "deductible_per": reader.text("deductible_per", "year", choices=("year", "visit")),
        "tier_base": reader.text("tier_base", "fee", choices=("fee", "fund")),
    }
    scope = _scope(reader)
    rows = [_scheme(row, shared, scope) for row in reader.nodes("rows")]
    reader.refuse_unknown_keys()
    return rows


def _scheme(reader: Reader, shared: dict[str, Any], scope: dict[str, Any]) -> Scheme:
    row = Scheme(
        scope=_row_scope(reader, scope),
        tiers=_tiers(reader),
        deductible=reader.amount("deductible"),
        caps=_caps(reader),
        **shared,
    )
    if row.tier_base == "fund" and any(tier.rate == 0 for tier in row.tiers):
        reader.faults.append(Fault(reader.path, "按基金支付额分段时比例不能为0"))
    reader.refuse_unknown_keys()
    return row


def _supplements(reader: Reader) -> list[Supplement]:
    shared: dict[str, Any] = {
        "name": reader.text("name"),
        "fund": reader.text("fund", choices=SUPPLEMENT_FUNDS),
        "base": reader.text("base", "burden", choices=("burden", "beyond_cap")),
        "origin": _origin(reader),
    }
    scope = _scope(reader) | {
        "civil_servants_only": reader.flag("civil_servants_only"),
        "aid_categories": reader.texts("aid_categories"),
    }
    rows = [_supplement(row, shared, scope) for row in reader.nodes("rows")]
    reader.refuse_unknown_keys()
    return rows


def _supplement(reader: Reader, shared: dict[str, Any], scope: dict[str, Any]) -> Supplement:
    row = Supplement(
        scope=_row_scope(reader, scope), tiers=_tiers(reader), cap=reader.amount("cap", None), **shared
    )
    reader.refuse_unknown_keys()
    return row


def _scope(reader: Reader) -> dict[str, Any]:
    return {
        "insutype": reader.text("insutype"),
        "valid_from": reader.day("from"),
        "valid_until": reader.day("until", None),
        "med_types": reader.texts("med_types"),
        "diseases": reader.texts("diseases"),
    }


def _row_scope(reader: Reader, shared: dict[str, Any]) -> Scope:
    return Scope(
        psn_types=reader.texts("people", ("1",)),
        levels=reader.texts("levels"),
        youngest=int(reader.number("youngest", 0, places=0)),  # type: ignore[arg-type]
        **shared,
    )


def _tiers(reader: Reader) -> tuple[Tier, ...]:
    """``rate`` for a single one, or ``tiers`` of ``upto`` and ``rate``; the ends grow and the last is endless."""
    if not reader.has("tiers"):
        return (Tier(None, reader.rate("rate")),)
    tiers = tuple(Tier(one.amount("upto", None), one.rate("rate")) for one in reader.nodes("tiers"))
    ends = [tier.upto for tier in tiers[:-1]]
    if None in ends or ends != sorted(set(ends), key=lambda end: end or 0) or (tiers and tiers[-1].upto):
        reader.faults.append(Fault(f"{reader.path}.tiers", "上限应逐段增大，最后一段不写上限"))
    return tiers


def _caps(reader: Reader) -> tuple[Cap, ...]:
    """``cap`` for one of what the fund pays in a year, or ``caps`` with span and kind."""
    if reader.has("cap"):
        return (Cap(reader.amount("cap")),)
    return tuple(
        Cap(
            amount=one.amount("amount"),
            per=one.text("per", "year", choices=SPANS),
            of=one.text("of", "fund", choices=("fund", "fee")),
            by_disease=one.flag("by_disease"),
        )
        for one in reader.nodes("caps", required=False)
    )


def _account(reader: Reader) -> AccountRule:
    scopes = (NOTHING, IN_SCOPE, IN_SCOPE_AND_FIRST_SHARE, EVERYTHING)
    rule = AccountRule(
        scope=reader.text("scope", choices=scopes),
        before_deductible=reader.flag("before_deductible"),
        origin=_origin(reader),
    )
    reader.refuse_unknown_keys()
    return rule


def _remote(reader: Reader) -> dict[str, Any]:
    """Factors by manner of filing; ``source`` and ``grade`` stand beside them."""
    if not reader.content:
        return {}
    _origin(reader)
    kinds = ("long_term", "transfer", "emergency", "unfiled")
    factors = {kind: reader.rate(kind) for kind in kinds if reader.has(kind)}
    for kind, factor in factors.items():
        if factor == 0:
            reader.faults.append(Fault(f"{reader.path}.{kind}", "系数应大于0；不支付的方式不写"))
    reader.refuse_unknown_keys()
    return factors


def _origin(reader: Reader) -> Origin:
    return Origin(
        source=reader.text("source"), grade=reader.text("grade", choices=GRADES), note=reader.text("note", "")
    )
