"""Starts the product on one machine: database, broker, web, worker, clock and simulators under one supervisor.

``python -m launcher run`` is what ``make run`` calls; ``python -m launcher services -- COMMAND`` runs a command
beside a throw-away database and broker. Knows the product only by its commands and addresses.
"""
