"""``manage.py print_profiles``: ``docs/integrations/province-profiles.md`` from the profiles that are shipped."""

from insurance.gateway.profile import VALUES, ProvinceProfile, shipped_profiles
from kernel.management.printed import PrintPage

HEAD = """\
# Province profiles

Printed from the program by `manage.py print_profiles --write`. The national interface leaves much to the provinces:
how a message gets through the gateway, how its number looks, how long to wait, what an Internet visit is called. All
of this is data in `insurance/gateway/profiles/*.yaml`; an institution gets the profile whose `regions` begin its region
code with the most digits, else the national default.

**Before real use every value is checked with the province.** A value says where it comes from:

| grade | meaning |
|---|---|
| sourced | read in the public document or repository that the key names (below) |
| general | general knowledge; no document seen |
| demonstration | invented for the demonstration |
| own | written by the hospital, after asking its province |

Keys: `NMG`, `TEA`, `JL`, `TIF`, `SM` public clients of hospitals in several provinces and a gateway filter; `API` a
public sample of 2601 from Henan; `JS` a local specification of Jiangsu; `SX` the contract of Shanxi's mobile payment
centre; `WX` WeChat Pay's guide to insurance payment; `ENUM`, `CORE` code tables of public systems.

## A profile of your own

Put a file into the directory that `INSURANCE_PROFILES_DIR` names. A file of the same name replaces one that is shipped;
`extends` takes everything that is not named from another file.

```yaml
name: 浙江
extends: national
regions: ["33"]
values:
  treatment_type: {value: "110104", grade: own, source: "letter of the provincial centre, 2026-03-02"}
  reversal_same_day_only: {value: false, grade: own, source: "the same letter"}
```

A file with a fault is refused as a whole, and every fault is named: a value that does not exist, a choice that is none,
a missing grade, a sourced value without its source.

## Kinds of gateway

| `transport` | what travels | what the deployment gives |
|---|---|---|
| `tif` | signed headers `x-tif-…`, the message in the open | `INSURANCE_TIF_PAASID`, `INSURANCE_TIF_TOKEN` |
| `csb` | headers `_api_…` signed with HMAC-SHA1, the message in the open | `INSURANCE_CSB_ACCESS_KEY`, `INSURANCE_CSB_SECRET_KEY`, `INSURANCE_CSB_API_NAME`, `INSURANCE_CSB_API_VERSION` |
| `oauth2_sm4` | a bearer token; the input signed with SM2 (`cainfo`) and encrypted with SM4, the output likewise | `INSURANCE_SEALED_TOKEN_URL`, `INSURANCE_SEALED_CLIENT_ID` (16 characters, also the SM4 key), `INSURANCE_SEALED_CLIENT_SECRET`, `INSURANCE_SEALED_USERNAME`, `INSURANCE_SEALED_PASSWORD`, `INSURANCE_SEALED_PRIVATE_KEY`, `INSURANCE_SEALED_PLATFORM_PUBLIC_KEY` (Base64; without the last no signature is checked) |

The simulator has all three doors: `/insurer/fsi/api/{infno}`, `/insurer/csb` and `/insurer/sealed/api/{infno}` with
`/insurer/oauth2/token`. [Medical insurance](insurance.md) describes the messages themselves.
"""
TABLE = "| value | is | grade | from |\n|---|---|---|---|"


class Command(PrintPage):
    """Print every shipped profile with the grade and source of its values."""

    help = "Print docs/integrations/province-profiles.md."
    page_path = "docs/integrations/province-profiles.md"

    def page(self) -> str:
        """The national default in full, then of each province what it says itself."""
        rows = sorted(shipped_profiles(), key=lambda row: (row.code != "national", row.code))
        national = rows[0]
        return "\n".join([HEAD, *(_section(row, national) for row in rows)])


def _section(profile: ProvinceProfile, national: ProvinceProfile) -> str:
    own = [name for name in VALUES if profile is national or not _same(profile, national, name)]
    where = ", ".join(f"`{each}…`" for each in profile.regions if each) or "every other region"
    rows = [_row(profile, name) for name in own]
    return "\n".join([f"## {profile.code}: {profile.name}", "", f"For {where}.", "", TABLE, *rows, ""])


def _same(profile: ProvinceProfile, national: ProvinceProfile, name: str) -> bool:
    return (getattr(profile, name), profile.provenance[name]) == (
        getattr(national, name),
        national.provenance[name],
    )


def _row(profile: ProvinceProfile, name: str) -> str:
    from_where = profile.provenance[name]
    return f"| `{name}` | `{getattr(profile, name)}` | {from_where.grade} | {from_where.source or '–'} |"
