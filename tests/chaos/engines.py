"""Database and broker that can be ended and come back at the same address, and the product on top of them."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from launcher.postgres import Postgres
from launcher.services import DATABASE, SIMULATORS_DATABASE
from launcher.valkey import Valkey
from tests import live_stack
from tests.live_stack import LiveStack

READ_SECONDS = "0.6"
"""How long the product waits for the insurer's answer; its silences last longer."""
THREADS = "16"
"""Conversations at once; most of them wait for an insurer that says nothing."""
FASTER = "240"
"""The written schedule of questions runs so many times faster: an hour becomes fifteen seconds."""


class Engines:
    """A cluster that writes through to the disk, as in production: what it has acknowledged must survive."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.postgres = Postgres(home / "postgres")
        self.valkey = Valkey(home / "valkey")
        self.live: LiveStack | None = None

    def __enter__(self) -> Self:
        """Start both."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.postgres.start()
        self.valkey.start()
        os.environ["DATABASE_URL"] = self.postgres.url(DATABASE)
        os.environ["SIMULATORS_DATABASE_URL"] = self.postgres.url(SIMULATORS_DATABASE)
        os.environ["REDIS_URL"] = self.valkey.url()
        os.environ["INSURANCE_READ_SECONDS"] = os.environ["INSURANCE_SETTLE_READ_SECONDS"] = READ_SECONDS
        os.environ["INSURANCE_ASK_AGAIN_FASTER"] = FASTER
        os.environ["WORKER_THREADS"] = THREADS
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything."""
        if self.live is not None:
            self.live.stop()
        self.valkey.kill()
        self.postgres.stop()

    def start_product(self) -> LiveStack:
        """Web, worker, beat and simulators with fresh databases and the demonstration's people."""
        self.live = live_stack.start(self.home / "product")
        return self.live

    def end_database(self) -> None:
        """The database dies and comes back."""
        port = self.postgres.port
        self.postgres.crash()
        self.postgres.start(port=port)

    def end_broker(self) -> None:
        """The broker dies with every job in it, and comes back empty or as it was last saved."""
        port = self.valkey.port
        self.valkey.kill()
        self.valkey.start(port=port)
