"""Reports by mail: who gets what, once; what happens when the server will not have it; who gets nothing any more."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.reports.delivering import queue_due
from app.reports.models import ReportMail, ReportSubscription
from app.reports.publishing import publish_edition
from app.reports.queries.delivery import last_mails
from app.reports.rules.delivery import Unsent
from app.responses.models import Answer
from app.scoring.services import score_study
from app.users.models import AuditEvent, RoleRow, User
from app.users.rules import Role
from app.users.services.second_factors import require_factor
from tests.conftest import Fill
from tests.post_office import PostOffice, open_post_office
from tests.reports.delivered import (
    EDITION,
    MONDAY,
    PLACE,
    day_comes,
    fates,
    order,
    ordered,
    parts_of,
    pdf_text,
    person,
    sent,
    stop,
    the_study,
)
from tests.reports.studies import add_alices_study, drawn_study
from tests.surveys.mailed import with_settings
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    with_settings(application, base_url=PLACE.base_url)
    return application


@pytest.fixture
def office(scored: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(scored, mail_url=office.url)
        yield office


def test_a_mail_arrives_whole(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER)
    assert sent(scored) == 1
    address, mail = office.took[0]
    assert address == LEADER
    assert mail["To"] == f"Alice Owner <{LEADER}>"
    assert mail["Subject"] == "First quarter: Two accounts look healthy but are not happy"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parts = parts_of(mail)
    assert list(parts) == ["text/plain", "text/html", "application/pdf"]
    for words in (parts["text/plain"], parts["text/html"]):
        shown = words.replace("\u00a0", " ").replace("&#39;", "'")
        assert "Two accounts look healthy but are not happy. They pay €50 k a year." in shown
        assert "Account 4" in shown
        assert "https://gap.test/studies/q1/gaps" in shown
        assert "every Monday" in shown
        assert "asked for it" not in shown
        assert mail["List-Unsubscribe"].strip("<>") in shown
        assert "Words of" not in shown, "what leaves in a mail cannot be taken away again"
    assert "<script>alert" not in parts["text/html"], "the name of an account is a text"
    attached = list(mail.iter_attachments())
    assert [part.get_filename() for part in attached] == ["gap-report-q1.pdf"]
    assert len(PdfReader(BytesIO(parts["application/pdf"])).pages) == 1
    assert "Account 4" in pdf_text(mail)
    assert "Words of" not in pdf_text(mail)
    assert fates(scored) == [(LEADER, True, None)]


def test_a_mail_is_queued_and_sent_once_and_the_next_day_is_set(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER)
    with changing(scored) as session:
        assert queue_due(session, at=now(), place=PLACE) == 1
    with changing(scored) as session:
        assert queue_due(session, at=now(), place=PLACE) == 0
        kept = session.scalars(sa.select(ReportSubscription)).one()
        assert kept.next_at is not None
        assert kept.next_at.weekday() == 0
        assert now().date() < kept.next_at.date() <= now().date() + timedelta(days=7)
        day_comes(session)
        kept_day = session.scalars(sa.select(ReportMail.occasion)).one()
    assert sent(scored) >= 1
    assert sent(scored) == 0
    assert len({mail["Message-ID"] for mail in office.mails}) == len(office.mails)
    assert kept_day


def test_four_workers_at_once_send_each_mail_once(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER, ADMIN, CSM, VIEWER)
    with ThreadPoolExecutor(4) as pool:
        went_out = sum(pool.map(lambda _n: sent(scored), range(4)))
    assert went_out + sent(scored) == 4
    assert sent(scored) == 0
    assert sorted(address for address, _ in office.took) == sorted([LEADER, ADMIN, CSM, VIEWER])


def test_each_mail_is_cut_to_what_its_reader_may_see(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER, CSM)
    with changing(scored) as session:
        session.get_one(User, person(session, CSM).id).email = CSM.upper()
    assert sent(scored) == 2
    mails = {address.lower(): mail for address, mail in office.took}
    whole, cut = (parts_of(mails[email])["text/plain"] for email in (LEADER, CSM))
    assert "</script> & Co, €10" in whole
    assert "</script> & Co" not in cut
    assert "Account 4, €40" in cut
    assert "those assigned to you" in cut
    assert "& Co" in pdf_text(mails[LEADER])
    assert "& Co" not in pdf_text(mails[CSM])
    assert "Account 4" in pdf_text(mails[CSM])


def make_leader_a_stranger(session: Session) -> None:
    the_study(session).owner_id = person(session, STRANGER).id


def shut_out(session: Session) -> None:
    person(session, LEADER).active = False


def take_role(session: Session) -> None:
    person(session, LEADER).roles = []


def demote(session: Session) -> None:
    csm = session.scalars(sa.select(RoleRow).where(RoleRow.name == Role.CSM.value)).one()
    person(session, LEADER).roles = [csm]


def ask_for_factor(session: Session) -> None:
    require_factor(session, role=Role.LEADER.value, is_required=True, actor_id=None)


CHANGES = {
    "shut out": (shut_out, Unsent.GONE),
    "the study is another's": (make_leader_a_stranger, Unsent.NO_ACCESS),
    "no role": (take_role, Unsent.NO_ACCESS),
    "another role": (demote, Unsent.NO_ACCESS),
    "a second factor is missing": (ask_for_factor, Unsent.NO_FACTOR),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_may_not_see_it_any_more_gets_nothing(scored: Flask, office: PostOffice, change: str) -> None:
    ordered(scored, LEADER)
    alter, because = CHANGES[change]
    with changing(scored) as session:
        queue_due(session, at=now(), place=PLACE)
        alter(session)
    assert sent(scored) == 0
    assert office.took == []
    assert fates(scored) == [(LEADER, False, because.value)]


def test_what_was_stopped_or_changed_does_not_go(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER, ADMIN)
    with changing(scored) as session:
        queue_due(session, at=now(), place=PLACE)
        assert stop(session, LEADER)
        assert not stop(session, LEADER)
        assert order(session, ADMIN, EDITION)
    assert sent(scored) == 0
    assert office.took == []
    assert fates(scored) == [(LEADER, False, Unsent.ENDED.value), (ADMIN, False, Unsent.CHANGED.value)]


def test_an_edition_is_sent_to_those_who_asked_before_it_was_out(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER, wish=EDITION)
    with changing(scored) as session:
        study = the_study(session)
        publish_edition(session, study=study, at=now(), by=study.owner_id)
    with changing(scored) as session:
        order(session, ADMIN, EDITION)
        session.execute(sa.update(Answer).where(Answer.value_number.is_not(None)).values(value_number=1))
        score_study(session, study=the_study(session))
    assert sent(scored) == 1
    assert sent(scored) == 0
    address, mail = office.took[0]
    assert address == LEADER
    assert mail["Subject"].startswith("First quarter, edition 1: ")
    assert "https://gap.test/studies/q1/gaps/editions/1\r\n" in parts_of(mail)["text/plain"]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["gap-report-q1-edition-1.pdf"]
    with changing(scored) as session:
        study = the_study(session)
        publish_edition(session, study=study, at=now(), by=study.owner_id)
    assert sent(scored) == 2


@pytest.mark.parametrize(("csm", "readers"), [(CSM, {LEADER, CSM}), ("csm1@example.test", {LEADER})])
def test_an_edition_of_a_part_goes_to_those_who_may_read_it(
    scored: Flask, office: PostOffice, csm: str, readers: set[str]
) -> None:
    ordered(scored, LEADER, CSM, wish=EDITION)
    browser = sign_in(scored, LEADER)
    token = token_in(browser.get("/studies/q1/gaps").text)
    assert browser.post("/studies/q1/gaps/editions", data={"csrf_token": token, "csm": csm}).status_code == 303
    assert sent(scored) == len(readers)
    assert {address for address, _ in office.took} == readers
    reasons = {reason for email, _, reason in fates(scored) if email not in readers}
    assert reasons == ({Unsent.OTHER_PART.value} if CSM not in readers else set())


def test_an_edition_that_was_meddled_with_is_not_sent(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER, wish=EDITION)
    with changing(scored) as session:
        study = the_study(session)
        edition = publish_edition(session, study=study, at=now(), by=study.owner_id)
        edition.document = edition.document.replace("Account 7", "Account 8")
    assert sent(scored) == 0
    assert office.took == []
    assert "not what was published" in (fates(scored)[0][2] or "")


def add_unscored(session: Session) -> None:
    """Everyone, and a study of Alice's that nobody has answered."""
    study = drawn_study(session)
    study.owner_id = add_people(session)[LEADER].id


def test_a_study_without_a_report_sends_nothing_and_says_so(application: Flask, fill: Fill) -> None:
    fill(add_unscored)
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        ordered(application, LEADER)
        assert sent(application) == 0
        with changing(application) as session:
            score_study(session, study=the_study(session))
            session.execute(sa.update(ReportMail).values(occasion="earlier"))
            day_comes(session)
        assert sent(application) == 0
        assert office.took == []
    assert [each[2] for each in fates(application)] == [Unsent.UNSCORED.value, Unsent.EMPTY.value]


def test_whoever_runs_the_study_has_it_sent_to_colleagues_who_may_see_it(scored: Flask, office: PostOffice) -> None:
    with changing(scored) as session:
        assert order(session, CSM, MONDAY, by=LEADER)
        with pytest.raises(Refusal, match="who may see this study"):
            order(session, STRANGER, MONDAY, by=LEADER)
        with pytest.raises(Refusal, match="Carl Colleague gets it already, every Monday"):
            order(session, CSM, EDITION, by=ADMIN)
        day_comes(session)
    assert sent(scored) == 1
    assert "because Alice Owner asked for it" in parts_of(office.mails[0])["text/plain"]
    with changing(scored) as session:
        assert stop(session, CSM, by=LEADER)
        assert order(session, CSM, EDITION, by=ADMIN), "what others stopped, others may start again"
        assert stop(session, CSM)
        with pytest.raises(Refusal, match="They alone can start it again"):
            order(session, CSM, EDITION, by=LEADER)
        assert order(session, CSM)
        told = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.like("report.%"))).all()
    assert sorted(told) == ["report.subscribe"] * 3 + ["report.unsubscribe"] * 2


def test_asking_twice_at_once_is_asking_once(scored: Flask) -> None:
    def ask(_number: int) -> bool:
        with changing(scored) as session:
            return order(session, LEADER)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    with changing(scored) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReportSubscription)) == 1


def test_who_asks_for_themselves_sees_their_own_mails_alone(scored: Flask, office: PostOffice) -> None:
    ordered(scored, LEADER, VIEWER)
    assert sent(scored) == 2
    assert len(office.took) == 2
    with changing(scored) as session:
        study = the_study(session)
        assert [each.who for each in last_mails(session, study)] == ["Vera Viewer", "Alice Owner"]
        own = last_mails(session, study, only=person(session, VIEWER).id)
        assert [each.who for each in own] == ["Vera Viewer"]
