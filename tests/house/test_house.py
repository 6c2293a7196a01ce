"""The suite guards the house: what ARCHITECTURE.md promises holds for every file there is."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.migrations import alembic, prepare_migrations
from app.customers.models import Account
from tests.serving import HEAVY

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))
EDGES = re.compile(r"app/(cli/|[a-z0-9_]+/(views|tasks)|core/(web|sessions|mailing)|users/sign_in)")
VAGUE = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_edges_commit(path: Path) -> None:
    if not EDGES.search(name_of(path)):
        assert "commit" not in calls(path), "A service must leave the commit to the edge that called it."


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_names_say_what_a_file_is_about(path: Path) -> None:
    assert not VAGUE & set(name_of(path).removesuffix(".py").split("/"))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_hold_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 420


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_import_contracts_have_no_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / ".importlinter").read_text(encoding="utf-8")


def test_no_page_waits_for_the_libraries_of_methods() -> None:
    code = f"import sys, app.wiring; print(*sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout.split(), "Import it in the function that computes."


def test_only_one_file_asks_for_the_time() -> None:
    askers = [
        name_of(path)
        for path in SOURCES
        if re.search(r"datetime\.now\(|date\.today\(|utcnow\(", path.read_text(encoding="utf-8"))
    ]
    assert askers == ["app/core/clock.py"]


def test_every_setting_is_in_the_readme() -> None:
    used = set(re.findall(r"PARALLAX_[A-Z_]+", "".join(path.read_text(encoding="utf-8") for path in SOURCES)))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert used
    assert {setting for setting in used if setting not in readme} == set()


def test_every_template_compiles(application: Flask) -> None:
    names = application.jinja_env.list_templates(extensions=["html", "txt"])
    assert names
    for name in names:
        application.jinja_env.get_template(name)


def test_there_is_one_migration_head(application: Flask) -> None:
    prepare_migrations(application)
    with application.app_context():
        assert len(alembic.heads()) == 1


# On SQLite an index of an expression cannot be read back; PostgreSQL compares it.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_models_match_the_schema(application: Flask) -> None:
    prepare_migrations(application)
    with application.app_context():
        assert alembic.compare_metadata() == []


def test_migrations_go_down_and_up(application: Flask, session: Session) -> None:
    prepare_migrations(application)
    bind = session.get_bind()
    session.close()
    with application.app_context():
        alembic.downgrade("base")
    assert set(sa.inspect(bind).get_table_names()) <= {"alembic_version"}
    with application.app_context():
        alembic.upgrade()
    assert "account" in sa.inspect(bind).get_table_names()


def test_accounts_of_before_are_found_after_the_migration(application: Flask, session: Session) -> None:
    prepare_migrations(application)
    session.add(Account(crm_id="Ä-1", name="Østlund AG", tags=["Überblick", "Beta"]))
    session.commit()
    session.close()
    with application.app_context():
        alembic.downgrade("1795726800")
    with application.app_context():
        alembic.upgrade()
    assert session.scalar(sa.select(Account.searched)) == "østlund ag\nä-1\nüberblick\nbeta"
