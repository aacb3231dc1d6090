"""Schedules and places, the revisit, and its conversation."""

from consultations.models.messages import ChatMessage, MessageKind, ReadMark
from consultations.models.revisits import Decision, Revisit
from consultations.models.schedules import Place, Schedule, Slot

__all__ = ["ChatMessage", "Decision", "MessageKind", "Place", "ReadMark", "Revisit", "Schedule", "Slot"]
