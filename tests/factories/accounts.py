"""Users with believable values."""

from typing import Any

import factory

from accounts.models import Role, User
from kernel.crypto import fingerprint

PASSWORD = "correct-horse-9"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A patient who signs in with her mobile number."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user-{n}")
    display_name = "张*英"
    roles = factory.LazyFunction(lambda: [Role.PATIENT.value])
    mobile = factory.Sequence(lambda n: f"1390000{n % 10000:04d}")
    mobile_fingerprint = factory.LazyAttribute(lambda user: fingerprint(user.mobile) if user.mobile else None)


class StaffFactory(UserFactory):
    """A doctor who signs in with a staff number; ``role=Role.PHARMACIST`` for another."""

    class Params:
        role = Role.DOCTOR

    username = factory.Sequence(lambda n: f"staff-{n}")
    display_name = "林致远"
    roles = factory.LazyAttribute(lambda user: [user.role.value])
    mobile = ""
    password = factory.django.Password(PASSWORD)


def administrator(**fields: Any) -> User:
    """Who may open the administration."""
    user: User = StaffFactory(role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True, **fields)
    return user
