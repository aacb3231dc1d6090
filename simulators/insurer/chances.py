"""Misbehaviour by rate: each fault has a probability, and a seed makes the same run happen again."""

import random
import threading

from .models import FaultRate, Manners

_streams: dict[tuple[int, int, str], random.Random] = {}
_lock = threading.Lock()
_unseeded = random.SystemRandom()


def drawn(infno: str, rates: list[FaultRate]) -> FaultRate | None:
    """Draw for each rate by itself; of those that hit one is taken, each as likely as the other.

    With a seed the outcomes for one transaction number, in the order of its calls, are the same after every
    ``restart`` within one process, whatever other transactions do meanwhile.
    """
    with _lock:
        chances = _stream(infno)
        hit = [rate for rate in rates if chances.random() < rate.probability]
        return chances.choice(hit) if hit else None


def restart(seed: int | None) -> None:
    """Begin the row of chances anew, from a seed or without one."""
    manners = Manners.objects.first() or Manners()
    manners.fault_seed = seed
    manners.fault_round += 1
    manners.save()
    with _lock:
        _streams.clear()


def _stream(infno: str) -> random.Random:
    manners = Manners.objects.first()
    if manners is None or manners.fault_seed is None:
        return _unseeded
    key = (manners.fault_seed, manners.fault_round, infno)
    if key not in _streams:
        _streams[key] = random.Random(f"{manners.fault_seed} {infno}")  # noqa: S311 (chances, not secrets)
    return _streams[key]
