import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from launcher import processes
from launcher.supervisor import FIRST_PAUSE, Process, Supervisor

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _ends(pid: int, *, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _is_alive(pid)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    child = processes.start(command, output=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    return child


def test_a_child_dies_when_its_parent_is_killed() -> None:
    parent = (
        "from launcher import processes\n"
        f"child = processes.start({SLEEPER!r})\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        child_pid = int(supervisor.stdout.readline())
        assert _is_alive(child_pid)
        supervisor.kill()

        assert _ends(child_pid)


def test_a_child_that_ignores_the_request_is_killed() -> None:
    child = _started(STUBBORN)

    processes.stop(child, wait=0.2)

    assert child.returncode == -signal.SIGKILL


def test_a_child_gets_no_terminal_signals() -> None:
    child = _started(SLEEPER)

    assert os.getsid(child.pid) == child.pid
    processes.stop(child)


def _process(tmp_path: Path, command: list[str]) -> Process:
    return Process(
        name="part", command=command, env=dict(os.environ), log=tmp_path / "part.log", cwd=tmp_path
    )


def test_a_process_that_ended_is_named_and_started_again_after_a_pause(tmp_path: Path) -> None:
    process = _process(tmp_path, SLEEPER)
    process.start()
    assert process.child is not None
    process.child.kill()
    process.child.wait()
    now = time.monotonic()

    message = process.look_after(now)

    assert message is not None
    assert "part ended" in message
    assert process.look_after(now + FIRST_PAUSE / 2) is None
    process.look_after(now + 2 * FIRST_PAUSE)
    assert process.child.poll() is None
    process.kill()


def test_the_pause_grows_with_each_early_end(tmp_path: Path) -> None:
    process = _process(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    now = time.monotonic()
    for _round in range(3):
        process.start()
        assert process.child is not None
        process.child.wait()
        process.look_after(now)
        pauses.append(process.pause)

    assert pauses == sorted(set(pauses))


def test_stopping_the_supervisor_leaves_no_process(tmp_path: Path) -> None:
    supervisor = Supervisor([_process(tmp_path, SLEEPER), _process(tmp_path, SLEEPER)])
    supervisor.start()
    pids = [process.child.pid for process in supervisor.watched if process.child]

    supervisor.stop()

    assert len(pids) == 2
    assert [_is_alive(pid) for pid in pids] == [False, False]
