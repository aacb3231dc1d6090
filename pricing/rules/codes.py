"""Codes of the items that rules and other apps name."""

ORDINARY_OUTPATIENT = "001102000010000"
"""普通门诊诊查费, national code.

Source: national item codes as used in insurance uploads (S20, S22 of the sources in docs/algorithms/pricing.md).
"""

EXPERT_OUTPATIENT = "001102000020000"
"""专家门诊诊查费: the offline visit whose price differs by title.

ASSUMPTION: the code follows the old national item 110200002; no official list was at hand.
"""

ONLINE_REVISIT = "HLWFZ0001"
"""互联网复诊: a local code of the demonstration. It is charged like, and reported as, the ordinary outpatient visit."""

ADDRESSES = frozenset(
    {
        "compare",
        "export.csv",
        "export.json",
        "export.schema.json",
        "files",
        "onsite-fee",
        "proof",
        "rules",
        "why",
    }
)
"""Words that no item may have as its code: pages stand there (``/prices/<word>/``)."""
