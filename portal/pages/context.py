"""What the staff shell shows on every page: who works here, and how much waits."""

from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Role, User
from finance.permissions import READERS as FINANCE_READERS
from insurance.permissions import READERS as INSURANCE_READERS
from insurance.queries.desk import claims_for_a_person
from kernel import clock
from portal.queries.clinic import waiting_count
from prescriptions.queries import review_queue
from pricing.permissions import MAY_SEE
from pricing.queries.revisions import waiting_for_review
from registry.models import Practitioner
from repricing.permissions import READERS
from repricing.queries.lists import batches_that_wait


class StaffCounts:
    """Answers are looked up when a template asks, each at most once a request; none for anyone else."""

    def __init__(self, user: User | None) -> None:
        """``user`` None is nobody signed in."""
        self._user = user

    def _is(self, role: Role) -> bool:
        return self._user is not None and self._user.is_in_role(role)

    @property
    def is_doctor(self) -> bool:
        """Whether the clinic is hers."""
        return self._is(Role.DOCTOR)

    @property
    def is_pharmacist(self) -> bool:
        """Whether the review is hers."""
        return self._is(Role.PHARMACIST)

    @property
    def is_price_office(self) -> bool:
        """Whether proposed prices are hers to see."""
        return self._user is not None and self._user.is_in_any(MAY_SEE)

    @cached_property
    def prices_to_review(self) -> int:
        """Revisions of prices that wait for a second person."""
        return waiting_for_review() if self.is_price_office else 0

    @property
    def reads_corrections(self) -> bool:
        """Whether corrections of what was charged are hers to see."""
        return self._user is not None and self._user.is_in_any(READERS)

    @cached_property
    def corrections_to_do(self) -> int:
        """Batches of corrections that wait for somebody."""
        return batches_that_wait() if self.is_price_office else 0

    @property
    def reads_insurance(self) -> bool:
        """Whether the insurance office is hers to see."""
        return self._user is not None and self._user.is_in_any(INSURANCE_READERS)

    @property
    def reads_finance(self) -> bool:
        """Whether the finance office is hers to see."""
        return self._user is not None and self._user.is_in_any(FINANCE_READERS)

    @cached_property
    def claims_for_a_person(self) -> int:
        """Settlements whose outcome a person must find out."""
        return claims_for_a_person() if self.reads_insurance else 0

    @cached_property
    def practitioner(self) -> Practitioner | None:
        """The active practitioner she is; None for an office."""
        if self._user is None or not (self.is_doctor or self.is_pharmacist):
            return None
        return Practitioner.objects.filter(user=self._user, is_active=True).first()

    @cached_property
    def waiting(self) -> int:
        """Patients who wait for this doctor."""
        if not self.is_doctor or self.practitioner is None:
            return 0
        return waiting_count(self.practitioner, clock.day_of(clock.now()))

    @cached_property
    def to_review(self) -> int:
        """Prescriptions that wait for a pharmacist of her hospital."""
        if not self.is_pharmacist or self.practitioner is None:
            return 0
        return review_queue(self.practitioner).count()


def staff(request: HttpRequest) -> dict[str, object]:
    """Context of every page; costs nothing where no template asks."""
    user = getattr(request, "user", None)
    return {"staff": SimpleLazyObject(lambda: StaffCounts(user if isinstance(user, User) else None))}
