"""How the simulated identity service decides. Pure: the register is passed in."""

from collections.abc import Mapping

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
NOT_FOUND_ENDING = "000X"
FALSE_MARK = "假"


def is_well_formed(id_number: str) -> bool:
    """18 characters with the right check character. Source: GB 11643-1999 (ISO 7064 MOD 11-2)."""
    digits, check = id_number[:17], id_number[17:]
    if len(id_number) != 18 or not (digits.isascii() and digits.isdigit()):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECKS[weighted % 11] == check


def decide(name: str, id_number: str, register: Mapping[str, str]) -> str:
    """MATCH, MISMATCH or NOT_FOUND.

    In this order: a number of the register matches its own name only; a number that ends in 000X is
    not found; a name with 假 in it does not match; every other name matches, so that anybody can try
    the demonstration.

    Args:
        name: as typed.
        id_number: well formed, upper case.
        register: names by ID number.
    """
    if id_number in register:
        return "MATCH" if register[id_number] == name else "MISMATCH"
    if id_number.endswith(NOT_FOUND_ENDING):
        return "NOT_FOUND"
    return "MISMATCH" if FALSE_MARK in name else "MATCH"
