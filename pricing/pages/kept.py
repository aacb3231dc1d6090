"""What is dear to work out and open to everybody, kept for a minute."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Max
from redis import RedisError

from pricing.models import Price, PriceItem, TariffDocument

T = TypeVar("T")
_KEPT = 60  # seconds


def kept(name: str, make: Callable[[], T]) -> T:
    """The value of ``make``, or what it gave less than a minute ago; made anew as soon as a row is recorded.

    Where the cache does not answer it is made each time.
    """
    key = f"pricing:{name}:{_state()}"
    try:
        found: T | None = cache.get(key)
    except RedisError:
        return make()
    if found is None:
        found = make()
        cache.set(key, found, _KEPT)
    return found


def _state() -> str:
    """Changes with every new price, item and document."""
    return ":".join(
        str(model.objects.aggregate(last=Max("pk"))["last"]) for model in (Price, PriceItem, TariffDocument)
    )
