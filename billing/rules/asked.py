"""What a line keeps of what was asked, and the line as it was asked; pure."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from pricing.rules.facts import QuotedLine, ServiceLine


def asked_beyond(line: QuotedLine, asked: ServiceLine | None, numbers: Mapping[str, int]) -> dict[str, str]:
    """What was asked of a line beyond its item and quantity, as text; only what was said.

    Without it a line by distance, by bands or on a main line could not be priced again when a price turns out
    to have been another. ``numbers`` are the line numbers by reference.
    """
    main = numbers.get(line.main_reference or "")
    said: dict[str, object] = {"quantity": line.asked_quantity, "main": main}
    if asked is not None:
        said |= {
            "condition": asked.condition,
            "distance_km": asked.distance_km,
            "duration_minutes": asked.duration_minutes,
            "body_part": asked.body_part,
            "performed_at": asked.performed_at.isoformat() if asked.performed_at else None,
            "course": asked.course,
        }
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def asked_again(number: int, item_code: str, quantity: Decimal, said: Mapping[str, str]) -> ServiceLine:
    """The line as it was asked; references are line numbers. The opposite of ``asked_beyond``."""
    performed_at = said.get("performed_at")
    return ServiceLine(
        reference=str(number),
        item_code=item_code,
        quantity=Decimal(said.get("quantity", quantity)),
        main_reference=said.get("main"),
        condition=said.get("condition", ""),
        distance_km=_number(said.get("distance_km")),
        duration_minutes=_number(said.get("duration_minutes")),
        body_part=said.get("body_part", ""),
        performed_at=datetime.fromisoformat(performed_at) if performed_at else None,
        course=said.get("course", ""),
    )


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
