"""``manage.py load_refund_policies``: policies of the hospital's own, all of a file or none."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEntry
from refunds.models import RefundPolicy
from refunds.queries.policies import policies, policy_for, shipped
from refunds.rules.situations import Gives, Situation

pytestmark = pytest.mark.django_db
OWN = "- situation: silent_visit\n  gives: {gives}\n  source: {source}\n  grade: O\n"


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_refund_policies", *arguments, stdout=out)
    return out.getvalue()


def own(path: Path, *, gives: str = "nothing", source: str = "本院退费规定") -> str:
    path.write_text(OWN.format(gives=gives, source=source), encoding="utf-8")
    return str(path)


def test_what_is_shipped_is_written_once_with_its_trace() -> None:
    assert load() == f"{len(shipped())} policies written\n"
    assert load() == "0 policies written\n"
    assert AuditEntry.objects.filter(action="refunds.policy.written").count() == len(shipped())
    assert {one.situation for one in policies() if one.pk} == {each.value for each in Situation}


def test_a_policy_of_the_hospitals_own_counts_and_stays_until_it_is_replaced(tmp_path: Path) -> None:
    load(own(tmp_path / "own.yaml"))
    assert policy_for(Situation.SILENT_VISIT).gives is Gives.NOTHING
    load()
    assert policy_for(Situation.SILENT_VISIT).gives is Gives.NOTHING
    load("--replace")
    assert policy_for(Situation.SILENT_VISIT).gives is Gives.EVERYTHING


@pytest.mark.parametrize(
    "wrong",
    ["- situation: no such\n  gives: nothing\n", "- situation: silent_visit\n", "just words", ": :\n  - ["],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_whole(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(OWN.format(gives="nothing", source="本院") + wrong, encoding="utf-8")
    with pytest.raises(CommandError, match="is no file of policies"):
        load(str(path))
    assert not RefundPolicy.objects.exists()


def test_a_value_that_no_column_takes_is_refused_whole_and_names_the_situation(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="silent_visit"):
        load(own(tmp_path / "own.yaml", gives="half"))
    with pytest.raises(CommandError, match="silent_visit"):
        load(own(tmp_path / "own.yaml", source="长" * 301))
    assert not RefundPolicy.objects.exists()


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.yaml"):
        load("nowhere.yaml")
