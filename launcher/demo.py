"""``make run``: everything on one machine, from an empty directory to a page."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from launcher import ports, readiness, services, stack
from launcher.supervisor import Supervisor

DEFAULT_PORT = 8000
SIMULATORS_PORT = 8010


class AlreadyRunning(RuntimeError):
    """Another ``make run`` uses the same ``var/``."""


class PreparationFailed(RuntimeError):
    """A command that prepares the data failed; its own output says why."""


def run(var: Path) -> None:
    """Start everything, print where it is, and wait for Ctrl-C.

    Raises:
        AlreadyRunning: the same ``var/`` is in use.
        PreparationFailed: migrating or loading the first data failed.
    """
    started = time.monotonic()
    var.mkdir(parents=True, exist_ok=True)
    with ExitStack() as exits:
        _lock(var, exits)
        print("Starting database and broker ...", flush=True)
        exits.enter_context(services.running(var, environ=os.environ))
        host = os.environ.get("HOST") or ports.LOOPBACK
        web_port = _chosen_port("PORT", DEFAULT_PORT, host=host)
        simulators_port = _chosen_port("SIMULATORS_PORT", SIMULATORS_PORT, besides=web_port)
        env = prepare(var, host=host, web_port=web_port, simulators_port=simulators_port)
        _write_for_other_commands(var, env)
        exits.callback((var / "running.env").unlink, missing_ok=True)
        supervisor = Supervisor(stack.processes(env, host=host, web_port=web_port, log_dir=var / "log"))
        supervisor.listen_for_signals()
        exits.callback(supervisor.stop)
        supervisor.start()
        url = env["PUBLIC_BASE_URL"]
        missing = readiness.wait_until_ready(url, between=supervisor.look_after_all)
        if supervisor.asked_to_stop.is_set():
            return
        _greet(url, var, seconds=time.monotonic() - started, missing=missing)
        supervisor.watch()
        print("\nStopping ...", flush=True)


def prepare(
    var: Path, *, host: str, web_port: int, simulators_port: int, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Make the keys, bring both databases up to date, and return the environment of the processes.

    Args:
        given: variables that go before those of this process.

    Raises:
        PreparationFailed: one of the commands failed.
    """
    if not (var / "keys" / "demo.env").exists():
        _run(
            [sys.executable, "-m", "simulators.keys", str(var / "keys")],
            dict(os.environ),
            output=subprocess.DEVNULL,
        )
    env = stack.environment(var, host=host, web_port=web_port, simulators_port=simulators_port) | dict(
        given or {}
    )
    print("Preparing the data ...", flush=True)
    _run([sys.executable, "-W", "ignore", "-m", "launcher.prepare"], env)
    return env


def _lock(var: Path, exits: ExitStack) -> None:
    """Hold ``run.lock``, which names the process, until ``exits`` closes.

    Raises:
        AlreadyRunning: another process holds it.
    """
    lock = exits.enter_context((var / "run.lock").open("a"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise AlreadyRunning(
            "This copy is already running; stop it first, or look at its terminal."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def manage(var: Path, arguments: list[str]) -> int:
    """Run a management command beside the running product, or else beside its database and broker only.

    Returns:
        The command's exit code.
    """
    command = [sys.executable, "manage.py", *arguments]
    var.mkdir(parents=True, exist_ok=True)
    with ExitStack() as exits:
        try:
            _lock(var, exits)
        except AlreadyRunning:
            lines = (var / "running.env").read_text().splitlines()
            env = os.environ | dict(line.split("=", 1) for line in lines if "=" in line)
            return subprocess.run(command, cwd=stack.ROOT, env=env, check=False).returncode
        exits.enter_context(services.running(var, environ=os.environ))
        env = stack.environment(
            var, host=ports.LOOPBACK, web_port=DEFAULT_PORT, simulators_port=SIMULATORS_PORT
        )
        return subprocess.run(command, cwd=stack.ROOT, env=env, check=False).returncode


def _chosen_port(variable: str, default: int, *, host: str = ports.LOOPBACK, besides: int = 0) -> int:
    wanted = int(os.environ.get(variable) or default)
    port = ports.first_free(wanted, host=host)
    if port == besides:
        port = ports.first_free(port + 1, host=host)
    if port != wanted and variable == "PORT":
        print(f"Port {wanted} is in use; taking {port}. PORT= chooses another.", flush=True)
    return port


def _run(command: list[str], env: dict[str, str], *, output: int | None = None) -> None:
    if subprocess.run(command, cwd=stack.ROOT, env=env, stdout=output, check=False).returncode != 0:
        raise PreparationFailed(f"This failed, see above: {' '.join(command[1:])}")


def _write_for_other_commands(var: Path, env: dict[str, str]) -> None:
    """Leave the addresses for ``make shell`` and other commands beside the running product."""
    lines = [f"{name}={value}\n" for name, value in sorted(env.items()) if os.environ.get(name) != value]
    lines += [f"{name}={env[name]}\n" for name in ("DATABASE_URL", "REDIS_URL", "SIMULATORS_DATABASE_URL")]
    file = var / "running.env"
    file.touch(mode=0o600)
    file.write_text("".join(lines))


def _greet(url: str, var: Path, *, seconds: float, missing: list[str]) -> None:
    print(f"\n  Xinglin 杏林   {url}   (ready in {seconds:.0f} s; Ctrl-C stops everything)\n")
    if missing:
        print(f"  Not answering yet: {', '.join(missing)}. Logs: {var / 'log'}\n")
    accounts = var / "demo-accounts.txt"
    if accounts.exists():
        print(accounts.read_text(), flush=True)
    sys.stdout.flush()
