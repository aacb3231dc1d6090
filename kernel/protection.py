"""What the database refuses whoever asks, in whatever words."""

import pgtrigger


def never_emptied(app: str) -> pgtrigger.Trigger:
    """A table whose rows are never deleted is not emptied at once, either."""
    return pgtrigger.Trigger(
        name="not_truncated",
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func=f"RAISE EXCEPTION '{app}: % is never emptied', TG_TABLE_NAME;",
    )
