"""What was observed in the end: one 0 or 1 per account."""

from app.scoring.rules.inputs import BoolArray, Numbers, numbers


def outcomes_of(values: Numbers) -> BoolArray:
    """The outcomes as booleans; raises ValueError for anything but 0 and 1."""
    array = numbers(values, "outcomes")
    if ((array != 0) & (array != 1)).any():
        raise ValueError("an outcome is 0 or 1")
    happened: BoolArray = array == 1
    return happened
