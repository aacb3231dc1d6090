"""The names of the icons in the one sprite, ``static/icons.svg``."""

import re
from pathlib import Path

_SPRITE = Path(__file__).resolve().parents[1] / "static" / "icons.svg"
ICONS = frozenset(re.findall(r'<symbol id="i-([a-z]+)"', _SPRITE.read_text(encoding="utf-8")))


class UnknownIcon(LookupError):
    """A template names an icon that the sprite does not have."""
