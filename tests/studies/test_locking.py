"""A study that is locked lets rows that refer to it come in, so that no two wait for each other."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core.clock import now
from app.responses.models import ResponseChange
from app.studies.queries import study_named
from tests.conftest import Fill
from tests.interviews.talks import World, add_world
from tests.users.people import changing

# SQLite lets one writer in at a time, whatever is locked.
ONLY_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


@ONLY_POSTGRES
def test_a_first_save_and_a_locked_study_do_not_wait_for_each_other(application: Flask, world: World) -> None:
    with changing(application) as saving:
        saving.add(ResponseChange(study_id=world.study, changed_at=now()))
        saving.flush()
        with changing(application) as closing:
            closing.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert study_named(closing, "talks", is_locked=True).id == world.study


@ONLY_POSTGRES
@pytest.mark.usefixtures("world")
def test_a_locked_study_is_locked_for_others_who_lock_it(application: Flask) -> None:
    with changing(application) as first:
        study_named(first, "talks", is_locked=True)
        with changing(application) as second:
            second.execute(text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                study_named(second, "talks", is_locked=True)
            second.rollback()
