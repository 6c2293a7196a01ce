"""What the tests of uploads share: a signed-in browser that sends files, and what became of them."""

import io
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.core.database import db
from app.transfer.models import Upload
from tests.transfer.conftest import everything
from tests.users.people import changing, token_in

ACCOUNTS = "account_id,name,arr\nA-1,Customer One,100.50\nA-8,Eight,7\n"


def send_file(browser: FlaskClient, kind: str, content: str | bytes, **fields: Any) -> TestResponse:
    """Choose a file in the form and send it."""
    data = content.encode() if isinstance(content, str) else content
    token = token_in(browser.get("/imports").text)
    name = fields.pop("filename", f"{kind}.csv")
    form = {"csrf_token": token, "kind": kind, "file": FileStorage(io.BytesIO(data), name), **fields}
    boundary, body = encode_multipart(form)
    return browser.post("/imports", data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def press(browser: FlaskClient, address: str, button: str) -> TestResponse:
    """Press a button of the preview."""
    token = token_in(browser.get(address).text)
    return browser.post(f"{address}/{button}", data={"csrf_token": token})


def kept_files(application: Flask) -> list[Path]:
    """The bytes that wait."""
    folder = application.config["SETTINGS"].home / "uploads"
    return sorted(folder.glob("*")) if folder.is_dir() else []


def uploads_of(application: Flask) -> list[Upload]:
    """All uploads on record, read anew."""
    return ask(application, sa.select(Upload).order_by(Upload.id))


def ask(application: Flask, statement: Any) -> list[Any]:
    """What a statement finds."""
    with application.app_context():
        return list(db.session.scalars(statement))


def change(application: Flask, statement: Any) -> None:
    """Change the database behind everybody's back."""
    with changing(application) as session:
        session.execute(statement)


def everything_in(application: Flask) -> list[tuple[Any, ...]]:
    """All rows that an import may touch."""
    with application.app_context():
        return everything(db.session)
