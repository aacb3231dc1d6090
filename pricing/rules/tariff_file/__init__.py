"""A tariff file, read and checked before any row is written; the form is described in docs/tariff-format.md."""

from pricing.rules.tariff_file.contents import (
    TariffFile,
    TariffFileBroken,
    TariffOpening,
    TariffPrice,
    TariffRule,
    TariffSuccession,
    fault_at,
)
from pricing.rules.tariff_file.reading import read_content, read_tariff

__all__ = [
    "TariffFile",
    "TariffFileBroken",
    "TariffOpening",
    "TariffPrice",
    "TariffRule",
    "TariffSuccession",
    "fault_at",
    "read_content",
    "read_tariff",
]
