"""The patient's pages: departments, booking, waiting and consulting room, visits."""
