"""Joined read models of the pages."""
