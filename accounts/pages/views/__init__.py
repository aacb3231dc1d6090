"""Views of signing in and out."""
