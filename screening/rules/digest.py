"""When two orders are the same order: what the insurer is asked about once."""

import hashlib
import json

from screening.rules.facts import OrderFacts


def digest_of(order: OrderFacts) -> str:
    """SHA-256 over who is given what for what; moments do not count."""
    content = [
        order.key,
        order.patient,
        order.insurance_type,
        order.prescriber,
        [[one.code, one.name] for one in order.diagnoses],
        [[line.number, line.code, line.national_code, f"{line.quantity.normalize():f}", line.days] for line in order.lines],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
