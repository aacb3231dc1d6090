"""Half-open periods of calendar days in Asia/Shanghai: ``[begin, end)``."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``begin`` (in it) until ``end`` (not in it); ``end`` None means open."""

    begin: date
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuse an empty or inverted period."""
        if self.end is not None and self.end <= self.begin:
            raise ValueError("a period ends after it begins")

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.begin <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether both periods share a day; adjacent periods do not."""
        return (other.end is None or self.begin < other.end) and (self.end is None or other.begin < self.end)
