"""``python -m simulators migrate`` and ``python -m simulators serve [--host --port]``."""

import argparse
import os
import sys

THREADS = 32  # a simulator told to be silent keeps a thread waiting; the others must still answer


def main(arguments: list[str]) -> None:
    """Run the verb given on the command line; any other verb is handed to Django's management."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "simulators.settings"
    if arguments[:1] == ["serve"]:
        serve(arguments[1:])
    else:
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["simulators", *arguments])


def serve(arguments: list[str]) -> None:
    """Serve all simulators from one process until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("SIMULATORS_PORT", "8010")))
    options = parser.parse_args(arguments)

    # Imported here because importing the application already needs the settings.
    import uvicorn  # noqa: PLC0415
    from a2wsgi import WSGIMiddleware  # noqa: PLC0415

    from simulators.wsgi import application  # noqa: PLC0415

    uvicorn.run(
        WSGIMiddleware(application, workers=THREADS),  # type: ignore[arg-type]
        host=options.host,
        port=options.port,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    # A thread that plays silent would keep the process alive for as long as it sleeps.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
