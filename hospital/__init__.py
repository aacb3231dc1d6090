"""The project: settings, URL table, servers' entry points and the job runner. Nothing imports it."""

from hospital.celery import app as celery_app

__all__ = ["celery_app"]
