"""Numbers of bills, without gaps for each institution and day."""

from datetime import datetime

from encounters.models import Encounter
from kernel import clock
from kernel.numbering import next_in


def next_number(encounter_id: int, at: datetime) -> str:
    """The next number of a bill, e.g. ``B12-261120-00001``: institution, day in Asia/Shanghai, count of the day.

    The numbers of a day begin at 1 and have no holes: a transaction that is taken back gives its number back.

    Source: ours; a missing number in a row of bills is what an auditor asks about first.
    """
    institution_id = Encounter.objects.values_list("institution_id", flat=True).get(pk=encounter_id)
    day = clock.day_of(at)
    count = next_in(f"bill:{institution_id}", on=day)
    return f"B{institution_id:02d}-{day:%y%m%d}-{count:05d}"
