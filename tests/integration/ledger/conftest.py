"""Books to post to."""

import pytest

from registry.models import Institution
from tests.factories.registry import InstitutionFactory


@pytest.fixture
def hospital(db: None) -> Institution:
    return InstitutionFactory(agreements=False)
