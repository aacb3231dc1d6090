"""Provinces differ by data: each value has a source, a faulty file is refused with every fault."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from insurance.gateway import profile as profiles
from insurance.gateway.profile import VALUES, ProfileUnreadable, profile_for


@pytest.fixture
def own(tmp_path: Path, settings) -> Iterator[Callable[[str, str], None]]:
    """Write a file of the hospital's own."""
    settings.INSURANCE_PROFILES_DIR = str(tmp_path)

    def write(name: str, text: str) -> None:
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        profiles._read_all.cache_clear()

    yield write
    profiles._read_all.cache_clear()


@pytest.mark.parametrize(
    ("region", "code", "transport", "message_id_format"),
    [
        ("330100", "demonstration", "tif", "national"),
        ("410100", "henan", "tif", "henan"),
        ("320500", "jiangsu", "csb", "national"),
        ("220100", "jilin", "oauth2_sm4", "national"),
        ("110100", "national", "tif", "national"),
    ],
)
def test_a_region_gets_the_profile_of_its_province_else_the_national_one(
    region: str, code: str, transport: str, message_id_format: str
) -> None:
    found = profile_for(region)
    assert (found.code, found.transport, found.message_id_format) == (code, transport, message_id_format)


def test_every_value_of_every_shipped_profile_says_where_it_comes_from() -> None:
    for found in profiles.profiles():
        assert set(found.provenance) == set(VALUES)
        assert all(each.source for each in found.provenance.values() if each.grade == "sourced")


def test_what_no_source_tells_is_not_called_sourced() -> None:
    national = profile_for("110100")
    for name in ("treatment_type", "revisit_window_days", "reversal_same_day_only", "mutual_aid"):
        assert national.provenance[name].grade == "general"


def test_a_hospitals_own_file_comes_first_and_names_only_what_differs(own) -> None:
    own(
        "zhejiang",
        "name: 浙江\nextends: national\nregions: ['33']\n"
        "values:\n  treatment_type: {value: '110104', grade: own, source: 与省中心核对}\n",
    )
    found = profile_for("330100")
    assert (found.name, found.treatment_type) == ("浙江", "110104")
    assert found.receiver_code == profile_for("110100").receiver_code
    assert found.provenance["treatment_type"].source == "与省中心核对"


def test_the_longest_beginning_of_a_region_wins(own) -> None:
    text = "extends: national\nregions: ['{}']\nvalues: {{}}\n"
    own("province", text.format("45"))
    own("city", text.format("4501"))
    assert (profile_for("450100").code, profile_for("450200").code) == ("city", "province")


def test_every_fault_of_a_file_is_named(own) -> None:
    own(
        "faulty",
        "extends: national\nregions: []\nvalues:\n"
        "  transport: {value: pigeon, grade: own}\n"
        "  read_seconds: {value: -1, grade: own}\n"
        "  has_mobile_pay: {value: maybe, grade: own}\n"
        "  amounts: {value: number, grade: sourced}\n"
        "  account_scope: {value: self_pay, grade: hearsay}\n"
        "  moon: {value: 1, grade: own}\n"
        "  version: V1.0\n",
    )
    with pytest.raises(ProfileUnreadable) as unreadable:
        profile_for("330100")
    told = str(unreadable.value)
    for fault in (
        "transport: 'pigeon' is not one of",
        "read_seconds: -1 is no number above zero",
        "has_mobile_pay: 'maybe' is not a bool",
        "amounts: a sourced value names its source",
        "account_scope: grade is one of",
        "moon: no such value",
        "version: value, grade and source are needed",
        "regions: missing",
    ):
        assert f"faulty.yaml: {fault}" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a list", "not a mapping"),
        ("a: [", "faulty.yaml"),
        ("extends: nowhere\nregions: ['9']", "nowhere is not there"),
        ("extends: faulty\nregions: ['9']", "goes round"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused(own, text: str, said: str) -> None:
    own("faulty", text)
    with pytest.raises(ProfileUnreadable, match=said):
        profile_for("330100")


def test_every_value_of_a_profile_is_read_somewhere() -> None:
    home = Path(profiles.__file__).parents[2]
    files = [
        path for app in ("insurance", "screening", "prescriptions") for path in (home / app).rglob("*.py")
    ]
    product = "".join(path.read_text("utf-8") for path in files)
    unread = [name for name in VALUES if not re.search(rf"profile(_for\([^\n]*\))?\.{name}\b", product)]
    assert unread == []
