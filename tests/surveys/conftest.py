"""What the tests of the survey's page share: a customer of Alice's survey."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.surveys.asked import Customer, add_asked
from tests.users.people import LEADER, add_people


def add_alices_survey(session: Session) -> str:
    """Add a survey that Alice owns, and return the address of its customer."""
    return add_asked(session, owner=add_people(session)[LEADER])


@pytest.fixture
def customer(client: FlaskClient, fill: Fill) -> Customer:
    """A customer with a link to a survey that Alice owns."""
    return Customer(client, fill(add_alices_survey))
