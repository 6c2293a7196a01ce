"""The search for circles rests during a computation, and only then."""

import gc

import pytest

from app.core.garbage import at_rest


def test_the_search_rests_until_the_work_is_over_or_failed() -> None:
    assert gc.isenabled()
    with at_rest():
        assert not gc.isenabled()
        with at_rest():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="failed"), at_rest():
        raise ValueError("failed")
    assert gc.isenabled()
