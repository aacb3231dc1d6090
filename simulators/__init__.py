"""Runnable stand-ins for the outside world, by wire format only. Nothing here is the product."""
