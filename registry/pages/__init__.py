"""Pages of who she is and for whom she acts."""
