"""Kill -9 of the worker while mails go out to a server in a bad mood: none missing, none doubled but in flight."""

from flask import Flask
from sqlalchemy.orm import Session

from tests.faults.mail_kills import Ordeal, suffer

ORDEAL = Ordeal(mails=100, kills=3)


def test_no_mail_is_missing_and_none_doubled_but_in_flight(
    application: Flask, session: Session, database_url: str
) -> None:
    session.close()
    result = suffer(application, application.config["SETTINGS"].home, database_url, ORDEAL)
    assert result.missing == []
    assert result.other_ids == []
    assert result.doubles <= result.in_flight
