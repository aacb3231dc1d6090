"""Rules of insurance: pure decisions over plain facts."""
