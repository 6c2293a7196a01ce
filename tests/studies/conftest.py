"""The workspace from which the tests of studies' services draw."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.studies.cross_section import add_accounts


@pytest.fixture
def workspace(session: Session, fill: Fill) -> Session:
    """A workspace with a scorecard and 20 accounts of 3 contacts each: champion, admin, user."""
    fill(add_accounts)
    return session
