"""What differs between provinces, as data: one file a province, each value with where it comes from.

A file names the regions it is for by the first digits of their code and only what differs from the file it extends.
The hospital's own files (``INSURANCE_PROFILES_DIR``) come before those shipped. Which facts are sourced and which are
general knowledge is part of the data: nothing is a national rule because it stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import yaml
from django.conf import settings

from insurance.gateway.profile_kinds import (
    AccountScope,
    Amounts,
    Doors,
    Grade,
    KeyOrder,
    MessageIds,
    MutualAid,
    Repeated,
)

SHIPPED = Path(__file__).parent / "profiles"


class ProfileUnreadable(ValueError):
    """A profile cannot be used; every fault is named, each beginning with the file."""


@dataclass(frozen=True)
class Provenance:
    """Where a value comes from: "sourced" (with the source), "general" knowledge, "demonstration" or "own"."""

    grade: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ProvinceProfile:
    """One province. Times are seconds unless they say otherwise; codes are those of the national dictionaries."""

    code: str
    name: str
    regions: tuple[str, ...]

    transport: Doors
    path: str
    version: str
    receiver_code: str
    connect_seconds: float
    read_seconds: float
    settle_read_seconds: float
    message_id_format: MessageIds
    amounts: Amounts
    repeated_message: Repeated
    """What a message number gets that was sent before: the kept reply, or a refusal. After silence the number is then
    not used again: what the insurer holds is asked for (2201), or taken back and sent anew (2204)."""
    reversal_same_day_only: bool
    """Whether 2601 undoes messages of the same day only."""

    treatment_type: str
    """med_type of an Internet visit."""
    chronic_treatment_type: str
    """med_type of a visit for a chronic or special disease."""
    revisit_window_days: int
    """How old the earlier diagnosis of a re-visit may be for the insurance to pay, in days (IN-19)."""
    account_scope: AccountScope
    """What of her own share a personal account may pay, where she is insured: a reply that says more goes to a person."""
    mutual_aid: MutualAid
    """Where acct_mulaid_pay stands: within acct_pay, beside it, or either."""

    has_mobile_pay: bool
    pay_authorisation_minutes: int
    """How long payAuthNo may be used; it is used once in any case."""
    nested_key_order: KeyOrder
    """How nested keys are ordered in the text that mobile payment signs."""

    analysis_system_code: str
    analysis_scene_before: str
    """trig_scen of 3101."""
    analysis_scene_during: str
    """trig_scen of 3102."""

    provenance: Mapping[str, Provenance] = field(default_factory=dict, compare=False)
    """Field -> where its value comes from."""


_FREE = {"code", "name", "regions", "provenance"}
VALUES = tuple(each.name for each in fields(ProvinceProfile) if each.name not in _FREE)
GRADES = frozenset(get_args(Grade))


def profile_for(region_code: str) -> ProvinceProfile:
    """The profile of a region of six digits: that of the longest beginning, else the national default.

    Raises:
        ProfileUnreadable: a file cannot be used.
    """
    return max(
        (row for row in profiles() if _reach(row, region_code) is not None),
        key=lambda row: _reach(row, region_code) or 0,
    )


def may_pay_own(profile: ProvinceProfile) -> bool:
    """Whether a personal account may also pay what no fund recognises."""
    return profile.account_scope == "self_pay_and_own"


def profiles() -> tuple[ProvinceProfile, ...]:
    """Every profile, the hospital's own first.

    Raises:
        ProfileUnreadable: a file cannot be used.
    """
    own = getattr(settings, "INSURANCE_PROFILES_DIR", "")
    return _read_all((Path(own), SHIPPED) if own else (SHIPPED,))


def shipped_profiles() -> tuple[ProvinceProfile, ...]:
    """The profiles that come with the product."""
    return _read_all((SHIPPED,))


def _reach(profile: ProvinceProfile, region_code: str) -> int | None:
    """How many digits of the region's code the profile names; None when it is for others."""
    return max((len(each) for each in profile.regions if region_code.startswith(each)), default=None)


@lru_cache(maxsize=4)
def _read_all(directories: tuple[Path, ...]) -> tuple[ProvinceProfile, ...]:
    known: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for directory in directories:
        for path in sorted(directory.glob("*.yaml")):
            known.setdefault(path.stem, (path.name, _loaded(path)))
    if not any("" in content.get("regions", ()) for _, content in known.values()):
        raise ProfileUnreadable(f"{directories[0]}: no profile is for every region")
    return tuple(_profile(code, known) for code in known)


def _loaded(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ProfileUnreadable(f"{path.name}: {wrong}") from wrong
    if not isinstance(content, dict):
        raise ProfileUnreadable(f"{path.name}: not a mapping")
    return content


def _profile(code: str, known: Mapping[str, tuple[str, Mapping[str, Any]]]) -> ProvinceProfile:
    values: dict[str, Any] = {}
    provenance: dict[str, Provenance] = {}
    faults: list[str] = []
    for ancestor in _ancestry(code, known):
        filename, content = known[ancestor]
        for name, given in (content.get("values") or {}).items():
            if fault := _fault(name, given):
                faults.append(f"{filename}: {name}: {fault}")
                continue
            values[name] = given["value"]
            provenance[name] = Provenance(given["grade"], str(given.get("source") or ""))
    filename, content = known[code]
    faults += [f"{filename}: {name}: missing" for name in VALUES if name not in values and not faults]
    regions = tuple(str(each) for each in content.get("regions") or ())
    faults += [] if regions else [f"{filename}: regions: missing"]
    if faults:
        raise ProfileUnreadable("; ".join(faults))
    name = str(content.get("name") or code)
    return ProvinceProfile(code=code, name=name, regions=regions, provenance=provenance, **values)


def _ancestry(code: str, known: Mapping[str, tuple[str, Mapping[str, Any]]]) -> list[str]:
    """The profile and what it extends, the farthest first."""
    line = [code]
    while parent := known[line[0]][1].get("extends"):
        if parent not in known or parent in line:
            raise ProfileUnreadable(f"{known[line[0]][0]}: extends: {parent} is not there, or goes round")
        line.insert(0, str(parent))
    return line


def _fault(name: str, given: object) -> str:
    """What is wrong with one entry, empty when nothing is."""
    if name not in VALUES:
        return "no such value"
    if not isinstance(given, dict) or "value" not in given:
        return "value, grade and source are needed"
    if given.get("grade") not in GRADES:
        return f"grade is one of {', '.join(sorted(GRADES))}"
    if given["grade"] == "sourced" and not given.get("source"):
        return "a sourced value names its source"
    return _misfit(name, given["value"])


def _misfit(name: str, value: object) -> str:
    kind = _KINDS[name]
    if allowed := get_args(kind):
        return "" if value in allowed else f"{value!r} is not one of {', '.join(allowed)}"
    if kind is float or kind is int:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
        return (
            "" if fits and (kind is float or isinstance(value, int)) else f"{value!r} is no number above zero"
        )
    return "" if isinstance(value, kind) else f"{value!r} is not a {kind.__name__}"


_KINDS: dict[str, Any] = {
    name: kind for name, kind in get_type_hints(ProvinceProfile).items() if name in VALUES
}
