"""The edge of a command when the database is not what it should be."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app import create_app
from tests.conftest import settings_for


@pytest.fixture
def bare(tmp_path: Path) -> FlaskCliRunner:
    """Commands on a database without any table."""
    return create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'bare.db'}")).test_cli_runner()


@pytest.mark.parametrize("command", [["health", "compute"], ["study", "score", "q3"], ["sample", "load"]], ids=" ".join)
def test_a_database_without_schema_is_said_in_a_sentence(bare: FlaskCliRunner, command: list[str]) -> None:
    result = bare.invoke(args=command)
    assert result.exit_code == 1
    assert result.stderr.strip() == "The database has not been set up yet. Run: flask db upgrade"
    assert "SELECT" not in result.output


def test_a_table_of_an_older_version_is_said_too(runner: FlaskCliRunner, session: Session) -> None:
    session.execute(sa.text("ALTER TABLE account RENAME TO account_before"))
    session.commit()
    result = runner.invoke(args=["sample", "load"])
    assert result.exit_code == 1
    assert "flask db upgrade" in result.stderr
