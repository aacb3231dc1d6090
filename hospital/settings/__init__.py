"""Settings by place of use: ``demo`` (one machine), ``test``, ``production``; all rest on ``base``."""
