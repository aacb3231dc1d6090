"""Misbehaviour by rate: each fault has a probability, and a seed makes the same run happen again. No database."""

import random
import threading
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Rated(Protocol):
    """A fault with a probability from 0 to 1."""

    @property
    def probability(self) -> float:
        """How often it hits."""
        ...


Rate = TypeVar("Rate", bound=Rated)

_streams: dict[tuple[int, int, str], random.Random] = {}
_lock = threading.Lock()
_unseeded = random.SystemRandom()


def drawn(infno: str, rates: Sequence[Rate], *, seed: int | None, turn: int = 0) -> Rate | None:
    """Draw for each rate by itself; of those that hit one is taken, each as likely as the other.

    With a seed the outcomes for one transaction number, in the order of its calls, are the same within every
    process and turn, whatever other transactions do meanwhile.
    """
    with _lock:
        chances = _unseeded if seed is None else _stream(seed, turn, infno)
        hit = [rate for rate in rates if chances.random() < rate.probability]
        return chances.choice(hit) if hit else None


def forget() -> None:
    """Begin every row of chances anew."""
    with _lock:
        _streams.clear()


def _stream(seed: int, turn: int, infno: str) -> random.Random:
    key = (seed, turn, infno)
    if key not in _streams:
        _streams[key] = random.Random(f"{seed} {infno}")  # noqa: S311 (chances, not secrets)
    return _streams[key]
