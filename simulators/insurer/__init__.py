"""The insurer: the core of the national platform as a designated hospital meets it on the wire."""
