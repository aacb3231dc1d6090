import socket

import pytest

from launcher import ports


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind((ports.LOOPBACK, 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_port_with_a_listener_is_not_free(taken_port: int) -> None:
    assert not ports.is_free(taken_port)


def test_the_wanted_port_is_taken_when_it_is_free() -> None:
    wanted = ports.any_free()

    assert ports.first_free(wanted) == wanted


def test_a_taken_port_is_passed_over(taken_port: int) -> None:
    assert ports.first_free(taken_port) > taken_port


def test_no_free_port_is_said_with_the_way_out(taken_port: int) -> None:
    with pytest.raises(OSError, match="PORT="):
        ports.first_free(taken_port, tries=1)
