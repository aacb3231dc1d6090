"""The product's processes on one machine, and the environment they share."""

import os
import sys
from pathlib import Path

from launcher import ports
from launcher.supervisor import Process

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
KEY_PATHS = (
    "WECHATPAY_PRIVATE_KEY_PATH",
    "WECHATPAY_PUBLIC_KEY_PATH",
    "ALIPAY_PRIVATE_KEY_PATH",
    "ALIPAY_PUBLIC_KEY_PATH",
    "RECEIPTS_SIGNING_KEY_PATH",
)


def environment(var: Path, *, host: str, web_port: int, simulators_port: int) -> dict[str, str]:
    """Return the environment of every process: what was given, and what follows from the ports and keys.

    DATABASE_URL, SIMULATORS_DATABASE_URL and REDIS_URL must be set already.
    """
    simulators = f"http://{ports.LOOPBACK}:{simulators_port}"
    shown_host = ports.LOOPBACK if host in {"0.0.0.0", "::"} else host
    chosen = {
        "DJANGO_SETTINGS_MODULE": "hospital.settings.demo",
        "VAR_DIR": str(var),
        "PUBLIC_BASE_URL": f"http://{shown_host}:{web_port}",
        "SIMULATORS_URL": simulators,
        "SIMULATORS_PORT": str(simulators_port),
        "SIMULATORS_KEYS_DIR": str(var / "keys"),
        "INSURANCE_BASE_URL": f"{simulators}/insurer",
        "INSURANCE_MOBILE_BASE_URL": f"{simulators}/mobilepay",
        "INSURANCE_PRESCRIPTION_BASE_URL": f"{simulators}/eprescription",
        "WECHATPAY_BASE_URL": f"{simulators}/wechatpay",
        "ALIPAY_GATEWAY_URL": f"{simulators}/alipay/gateway.do",
        "IDENTITY_BASE_URL": f"{simulators}/identity",
        "SMS_BASE_URL": f"{simulators}/sms",
        "EVOUCHER_BASE_URL": f"{simulators}/evoucher",
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",  # migrating has checked; checking again costs every start a second
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | chosen | keys(var / "keys")


def keys(directory: Path) -> dict[str, str]:
    """Return the demonstration's keys that ``python -m simulators.keys`` wrote; empty when there are none."""
    file = directory / "demo.env"
    if not file.exists():
        return {}
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    for name in KEY_PATHS:  # absolute in the file; the project may have been moved since
        if name in pairs:
            pairs[name] = str(directory / Path(pairs[name]).name)
    return pairs


def processes(env: dict[str, str], *, host: str, web_port: int, log_dir: Path) -> list[Process]:
    """Return simulators, worker, beat, and web with websockets, in the order of starting."""
    celery = [PYTHON, "-m", "celery", "-A", "hospital"]
    # One process with threads: it dies whole, and on one machine jobs wait for answers rather than for the processor.
    worker = [
        *celery,
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        env.get("WORKER_THREADS", "4"),
        "--loglevel",
        "INFO",
    ]
    beat = [
        *celery,
        "beat",
        "--loglevel",
        "WARNING",
        "--pidfile=",
        "--schedule",
        str(log_dir / "beat-schedule"),
    ]
    web = [PYTHON, "-m", "uvicorn", "hospital.asgi:application", "--host", host, "--port", str(web_port)]
    commands = {
        "simulators": [PYTHON, "-m", "simulators", "serve", "--port", env["SIMULATORS_PORT"]],
        "worker": [*worker, "--without-gossip", "--without-mingle"],
        "beat": beat,
        "web": [*web, "--lifespan", "off", "--no-access-log", "--timeout-graceful-shutdown", "3"],
    }
    return [
        Process(name=name, command=command, env=env, log=log_dir / f"{name}.log", cwd=ROOT)
        for name, command in commands.items()
    ]
