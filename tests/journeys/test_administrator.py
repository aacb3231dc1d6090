"""The administrator changes a price from tomorrow: bills of today stay, tomorrow's list shows it."""

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
