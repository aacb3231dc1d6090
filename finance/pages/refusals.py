"""What is said when rules refuse an act that has no form of its own."""

from kernel.errors import DomainError


def refusal(error: DomainError) -> str:
    """What was refused and the way on, with the number of each rule."""
    if not error.violations:
        return str(error.message)
    return " ".join(f"{one.message} {one.way_on} ({one.rule})" for one in error.violations)
