"""Pages of encounters: papers, the search for diseases, and the forms of booking."""
