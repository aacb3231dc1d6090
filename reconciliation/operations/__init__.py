"""Operations of reconciliation."""
