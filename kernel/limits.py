"""How often something may happen: counters in Valkey, taken all together or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.crypto import fingerprint
from kernel.errors import DomainError

_TAKE = """
local wait = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    wait = math.max(wait, redis.call('TTL', key), 1)
  end
end
if wait == 0 then
  for i, key in ipairs(KEYS) do
    if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[2 * i]) end
  end
end
return wait
"""


class LimitReached(DomainError):
    """It happened too often."""

    code = "limit_reached"
    default_message = _("This was tried too often. Please wait a little.")

    def __init__(self, wait: int) -> None:
        """``wait`` is in seconds, at least 1."""
        super().__init__()
        self.wait = wait


class LimitsUnavailable(DomainError):
    """Nobody can say how often it happened, so it does not happen now."""

    code = "limits_unavailable"
    default_message = _("Too many people are here just now. Please try again in a minute.")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` within ``seconds``, counted from the first; ``subject`` is whom it counts."""

    name: str
    subject: str
    times: int
    seconds: int

    @property
    def key(self) -> str:
        """The counter's name, without personal data in clear."""
        return f"limit:{self.name}:{fingerprint(self.subject)}"


@lru_cache(maxsize=1)
def _store() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def take(limits: Sequence[Limit]) -> None:
    """Count once against every limit; when one is reached nothing is counted.

    Raises:
        LimitReached: with the seconds to wait.
        LimitsUnavailable: Valkey does not answer.
    """
    arguments = [number for limit in limits for number in (limit.times, limit.seconds)]
    try:
        wait = int(_store().eval(_TAKE, len(limits), *(limit.key for limit in limits), *arguments))
    except redis.RedisError as error:
        raise LimitsUnavailable from error
    if wait:
        raise LimitReached(wait)
