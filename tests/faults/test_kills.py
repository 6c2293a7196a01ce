"""Kill -9 of a worker and of the whole web server under load: nothing acknowledged is lost, nothing doubled."""

from flask import Flask
from sqlalchemy.orm import Session

from tests.faults.kills import Ordeal, losses, suffer

ORDEAL = Ordeal(clients=32, kills=5, wanted=250, people=600, between=1.0)


def test_no_acknowledged_answer_is_lost_and_none_is_doubled(
    application: Flask, session: Session, database_url: str
) -> None:
    session.close()
    crowd, recoveries = suffer(application, application.config["SETTINGS"].home, database_url, ORDEAL)
    assert len(recoveries) == ORDEAL.kills
    assert crowd.unexpected == []
    assert len(crowd.acknowledged) >= ORDEAL.wanted
    assert losses(session, crowd) == []
