"""Simulations of prices that are not law yet, and corrections of what was charged by prices that were not."""

from repricing.models.corrections import Burden, CorrectionBatch, CorrectionLine, Payback
from repricing.models.simulations import Simulation

__all__ = ["Burden", "CorrectionBatch", "CorrectionLine", "Payback", "Simulation"]
