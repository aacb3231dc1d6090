"""Faults by rate: seeded, each transaction for itself."""

from dataclasses import dataclass

from simulators.insurer import chances


@dataclass(frozen=True)
class Rate:
    name: str
    probability: float


RATES = [Rate("silent", 0.3), Rate("lost", 0.3)]


def row(infno: str, times: int = 50, seed: int = 7) -> list[str]:
    drawn = [chances.drawn(infno, RATES, seed=seed) for _ in range(times)]
    return [one.name if one else "" for one in drawn]


def test_a_seed_repeats_the_same_faults_whatever_other_transactions_do() -> None:
    chances.forget()
    first = row("2207A")
    chances.forget()
    again = []
    for _ in range(50):
        row("1101", times=3)
        again += row("2207A", times=1)
    assert again == first
    chances.forget()
    assert row("2207A", seed=8) != first


def test_each_fault_comes_about_as_often_as_it_was_ordered() -> None:
    # Both hit in 9 of 100 calls, and then each is taken half of the time: 30 - 4.5 = 25.5 of 100.
    chances.forget()
    drawn = row("2204", times=4000, seed=1)
    for name in ("silent", "lost"):
        assert 0.235 < drawn.count(name) / 4000 < 0.275


def test_certain_and_impossible_faults() -> None:
    always, never = [Rate("always", 1.0)], [Rate("never", 0.0)]
    assert {chances.drawn("1", always, seed=None) for _ in range(20)} == set(always)
    assert {chances.drawn("1", never, seed=3) for _ in range(20)} == {None}
