"""Refusals for machines: RFC 9457 problem documents."""

from typing import Any

from kernel.errors import DomainError, Violation

MEDIA_TYPE = "application/problem+json"


def problem_of(error: DomainError, *, status: int) -> dict[str, Any]:
    """The document of a refusal: every violated rule with what is wrong, where, and the way on.

    ``status`` is that of HTTP, also where the document is printed. Words are in the language that is switched on.

    Source: RFC 9457; ``code`` and ``violations`` are ours.
    """
    return {
        "type": f"urn:xinglin:problem:{error.code}",
        "title": str(error.default_message),
        "status": status,
        "detail": str(error.message),
        "code": error.code,
        "violations": [_told(violation) for violation in error.violations],
    }


def _told(violation: Violation) -> dict[str, str]:
    return {
        "rule": violation.rule,
        "field": violation.field,
        "message": str(violation.message),
        "way_on": str(violation.way_on),
        "source": violation.source,
    }
