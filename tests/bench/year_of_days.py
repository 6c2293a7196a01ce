"""A year behind 100,000 accounts, written by the database itself: telemetry and health of each day, and what happened.

Each day is one statement, in the order in which a workspace would have got it: the rows of one account lie far apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Date, Integer, String, Text, case, cast, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app import create_app
from app.actions.models import Action
from app.core.database import Instant, db
from app.core.migrations import upgrade_schema
from app.customers.models import Account, Contact, Interaction, Opportunity, Outcome, Promise, Relationship
from app.customers.services import note_searched
from app.health.models import HealthComputation, HealthScore, SupportCase, Telemetry
from app.ledger.models import LedgerEntry
from app.questionnaires.models import Question, VersionQuestion
from app.questionnaires.queries import newest_version
from app.responses.models import Answer, Response
from app.scoring.models import Distress, DistressScore, RespondentScore, Scoring
from app.studies.models import Invitation, Respondent, Study
from app.users.models import User
from tests.bench.databases import analyse
from tests.bench.portfolio_100k import ACCOUNTS, DAY, NOON, build
from tests.conftest import settings_for
from tests.users.people import ADMIN, CSM, LEADER, add_people

DAYS, HOURS = 365, 8760
OPENED = range(331, ACCOUNTS, 331)
"""The accounts whose pages are opened: all belong to one CSM, and they have more of everything."""
METRIC, MORE_METRICS = "active_users", ("logins", "features_used", "api_calls")
TALKS, CASES, PROMISES, ACTIONS, PRODUCTS = 24, 3, 2, 3, 40
MORE_TALKS, MORE_CASES, MORE_PROMISES, MORE_PEOPLE, DEALS = 120, 20, 6, 30, 5
OFTEN = 30
"""One action in so many is open."""

moment = sa.Table(
    "bench_moment",
    sa.MetaData(),
    sa.Column("n", Integer, primary_key=True),
    sa.Column("on", Date, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
"""Each hour of the year, counted back from its end: what happened is spread over them."""

IS_OPENED = Account.id % OPENED.step == 0
NUMBER = cast(Account.id, String)


def built(home: Path, url: str, *, accounts: int = ACCOUNTS) -> None:
    """Make a workspace there, and give it a year."""
    application = create_app(settings_for(home / "home", url))
    upgrade_schema(application)
    with application.app_context():
        prepare_to_build()
        unchecked(db.session)
        add_people(db.session)
        build(db.session, accounts=accounts)
        add_year(db.session)
        db.session.commit()
        if url.startswith("postgresql"):
            analyse()
        db.engine.dispose()


def add_year(session: Session) -> None:
    """Give every account of `portfolio_100k` its year; the same rows on each run."""
    connection = session.connection()
    moment.create(connection)
    hours = ({"n": n, "on": (NOON - timedelta(hours=n)).date(), "at": NOON - timedelta(hours=n)} for n in range(HOURS))
    session.execute(insert(moment), list(hours))
    look_at_rows(session)
    session.execute(update(Account).where(IS_OPENED).values(csm_email=CSM).execution_options(synchronize_session=False))
    add_health(session)
    add_telemetry(session)
    add_happenings(session)
    look_at_rows(session)
    add_answers(session)
    note_searched(session)
    moment.drop(connection)


def fill(session: Session, model: Any, *where: Any, hour: Any = None, **columns: Any) -> None:
    """Insert a row for each account; `hour` is an expression on Account, of which `moment` then is the hour."""
    rows = select(*columns.values()).select_from(Account).where(*where)
    if hour is not None:
        rows = rows.join(moment, moment.c.n == hour % HOURS)
    session.execute(insert(model).from_select(list(columns), rows))


def add_telemetry(session: Session) -> None:
    """One metric of every account on every day, and more of them for those that are opened."""
    with without_indexes(session, "telemetry"):
        for n in range(DAYS):
            on = literal(DAY - timedelta(days=n), Date)
            for place, metric in enumerate((METRIC, *MORE_METRICS)):
                fill(
                    session,
                    Telemetry,
                    *([IS_OPENED] if place else []),
                    account_id=Account.id,
                    metric=literal(metric),
                    period_end=on,
                    value=5 + (Account.id * 31 + n * (7 + place)) % 90,
                )


def add_health(session: Session) -> None:
    """The health of every account on every day but the last, which is there: by a wave, and a step now and then."""
    card = session.scalars(select(HealthComputation.scorecard_version_id)).first()
    days = [DAY - timedelta(days=n) for n in range(1, DAYS)]
    computations = [
        HealthComputation(scorecard_version_id=card, as_of=on, computed_at=NOON, content_sha256=str(on)) for on in days
    ]
    session.add_all(computations)
    session.flush()
    with without_indexes(session, "health_score"):
        for n, computation in enumerate(computations):
            wave = 20 + Account.id * 7919 % 60 + func.abs((Account.id * 13 + n) % 60 - 30) / 2.0
            score = wave + (Account.id + n) % 90 // 46 * 6
            band = case((score >= 75, "green"), (score >= 50, "amber"), else_="red")
            fill(
                session,
                HealthScore,
                Account.id % 50 != 0,
                computation_id=literal(computation.id),
                account_id=Account.id,
                score=score,
                band=band,
                measures=literal(EXPLAINED, HealthScore.measures.type),
                missing=literal([], HealthScore.missing.type),
                telemetry_score=score,
                telemetry_band=band,
            )


EXPLAINED = [
    {"key": "usage", "value": 12.5, "points": 62.5, "weight": 0.5},
    {"key": "breadth", "value": 3.0, "points": 50.0, "weight": 0.5},
]


def add_happenings(session: Session) -> None:
    """Conversations, cases, deals, promises with what came of them, relationships, actions, outcomes, distress."""
    person = 2 * Account.id
    with without_indexes(session, "interaction"):
        for n in range(MORE_TALKS):
            fill(
                session,
                Interaction,
                *([] if n < TALKS else [IS_OPENED]),
                hour=Account.id * 7919 + n * 367,
                crm_id=literal("T") + NUMBER + f"-{n}",
                account_id=Account.id,
                occurred_at=moment.c.at,
                channel=literal(("call", "mail", "meeting", "social")[n % 4]),
                participated=literal(n % 3 != 0),
                contact_id=person,
                summary=literal("They asked when the next release comes, and what it will change for their people."),
            )
    for n in range(MORE_CASES):
        fill(
            session,
            SupportCase,
            *([] if n < CASES else [IS_OPENED]),
            hour=Account.id * 31 + n * 1_009,
            crm_id=literal("C") + NUMBER + f"-{n}",
            account_id=Account.id,
            opened_at=moment.c.at,
            closed_at=literal(None) if n % 3 == 0 else moment.c.at,
            priority=literal(("high", "normal")[n % 2]),
        )
    for n in range(2):
        fill(
            session,
            Relationship,
            crm_id=literal("R") + NUMBER + f"-{n}",
            account_id=Account.id,
            type=literal(("product", "service")[n]),
            name=literal("Product ") + cast((Account.id * 7 + n) % PRODUCTS, String),
            arr=literal(1_000),
        )
    for n in range(MORE_PEOPLE):
        fill(
            session,
            Contact,
            IS_OPENED,
            crm_id=literal("P") + NUMBER + f"-{n}",
            account_id=Account.id,
            name=literal(f"Person {n} of ") + NUMBER,
            role=literal("user"),
        )
    add_money(session)
    owners = session.scalars(select(User.id).where(User.email.in_((ADMIN, LEADER, CSM))).order_by(User.id)).all()
    kinds = ("risk", "event", "opportunity")
    for n in range(ACTIONS):
        is_open = Account.id % OFTEN == n
        fill(
            session,
            Action,
            hour=Account.id * 17 + n,
            account_id=Account.id,
            owner_id=literal(owners[n]),
            created_by=literal(owners[0]),
            kind=literal(kinds[n]),
            title=literal("Ask what the new release has to bring"),
            due_on=moment.c.on,
            is_promised=literal(value=False),
            created_at=moment.c.at,
            done_at=case((is_open | IS_OPENED, None), else_=moment.c.at),
            outcome=case((is_open | IS_OPENED, None), else_="done"),
        )
    add_distress(session)


def add_money(session: Session) -> None:
    """Deals, promises, entries of the ledger, and outcomes."""
    for n in range(DEALS):
        fill(
            session,
            Opportunity,
            IS_OPENED if n else Account.id % 10 == 0,
            crm_id=literal("O") + NUMBER + f"-{n}",
            account_id=Account.id,
            stage=literal("Proposal"),
            amount=literal(1_000),
        )
    for n in range(MORE_PROMISES):
        fill(
            session,
            Promise,
            *([] if n < PROMISES else [IS_OPENED]),
            hour=Account.id * 41 + n * 577,
            crm_id=literal("V") + NUMBER + f"-{n}",
            account_id=Account.id,
            source=literal("sales"),
            aspect=literal(("economic", "emotional", "community")[n % 3]),
            text=literal("Half the time for every invoice"),
            promised_on=moment.c.on,
            due_on=moment.c.on,
            amount=literal(1_000) if n % 2 else literal(None, Promise.amount.type),
            delivered_on=case((Account.id % 2 == 0, moment.c.on), else_=None),
        )
    session.execute(
        insert(LedgerEntry).from_select(
            ["promise_id", "side", "source", "happens_on", "amount", "currency", "form_key"],
            select(
                Promise.id,
                literal("delivered"),
                literal("csm"),
                Promise.promised_on,
                Promise.amount / 2,
                literal("EUR"),
                literal("k") + cast(Promise.id, String),
            ).where(Promise.amount.is_not(None)),
        )
    )
    fill(
        session,
        Outcome,
        Account.id % 4 == 0,
        hour=Account.id * 53,
        account_id=Account.id,
        outcome_date=moment.c.on,
        outcome=literal("renewed"),
    )


def add_distress(session: Session) -> None:
    """The present distress of all accounts."""
    distress = Distress(as_of=DAY, computed_at=NOON, inputs_sha256="0", figures={})
    session.add(distress)
    session.flush()
    fill(
        session,
        DistressScore,
        distress_id=literal(distress.id),
        account_id=Account.id,
        score=cast(Account.id * 37 % 100, sa.Float),
        band=literal("calm"),
        indicators=literal([], DistressScore.indicators.type),
    )


def add_answers(session: Session) -> None:
    """A study that asked everyone, and heard one account in three in numbers and words."""
    study, scoring = session.execute(select(Study, Scoring.id).join(Scoring, Scoring.study_id == Study.id)).one()
    study.owner_id = session.scalar(select(User.id).where(User.email == LEADER))
    session.flush()
    columns = {"id": Account.id, "study_id": literal(study.id), "account_id": Account.id}
    fill(session, Respondent, **columns, contact_id=2 * Account.id, role=literal("champion"), mode=literal("survey"))
    fill(
        session,
        Invitation,
        study_id=literal(study.id),
        respondent_id=Account.id,
        number=literal(0),
        message_id=literal("m") + NUMBER,
        due_at=literal(NOON, Instant),
        sent_at=literal(NOON, Instant),
        tries=literal(1),
    )
    is_heard = (Account.id % 3 == 0) | IS_OPENED
    fill(
        session,
        Response,
        is_heard,
        study_id=literal(study.id),
        respondent_id=Account.id,
        external_id=literal("R") + NUMBER,
        version_id=literal(study.version_id),
        mode=literal("survey"),
        source=literal("survey"),
        submitted_at=literal(NOON, Instant),
    )
    asked = newest_version(session, "relationship").definition["questions"]
    is_open = Question.key.in_([each["key"] for each in asked if each["kind"] == "text"])
    session.execute(
        insert(Answer).from_select(
            ["response_id", "question_id", "value_number", "value_text"],
            select(
                Response.id,
                Question.id,
                case((is_open, None), else_=Response.id % 11),
                case((is_open, cast("It saves us half of every Monday.", Text)), else_=None),
            )
            .select_from(Response)
            .join(VersionQuestion, VersionQuestion.version_id == Response.version_id)
            .join(Question, Question.id == VersionQuestion.question_id),
        )
    )
    fill(
        session,
        RespondentScore,
        is_heard,
        scoring_id=literal(scoring),
        respondent_id=Account.id,
        voice=cast(Account.id * 37 % 100, sa.Float),
        dimensions=literal({"support": 61.0, "value": 48.0}, RespondentScore.dimensions.type),
    )


@contextmanager
def without_indexes(session: Session, table: str) -> Iterator[None]:
    """Let the block fill a table without its indexes, and make them afterwards, which takes a fraction of the time.

    On SQLite the index of a primary key is part of its table and stays.
    """
    if session.get_bind().dialect.name == "sqlite":
        found = sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :t AND sql IS NOT NULL"
        )
        indexes = session.execute(found, {"t": table}).all()
        for name, _ in indexes:
            session.execute(sa.text(f"DROP INDEX {name}"))
        yield
        for _, statement in indexes:
            session.execute(sa.text(statement))
        return
    keys = session.execute(
        sa.text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = CAST(:t AS regclass) AND contype IN ('p', 'u') AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint AS other WHERE other.confrelid = pg_constraint.conrelid)"
        ),
        {"t": table},
    ).all()
    for name, _ in keys:
        session.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    found = sa.text(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :t"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    indexes = session.execute(found, {"t": table}).all()
    for name, _ in indexes:
        session.execute(sa.text(f"DROP INDEX {name}"))
    yield
    for name, definition in keys:
        session.execute(sa.text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
    for _, statement in indexes:
        session.execute(sa.text(statement))


FOR_BUILDING = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-2500000")


def prepare_to_build() -> None:
    """Let SQLite write without a net, on the one connection that is there; `engine.dispose` ends it."""
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    for pragma in FOR_BUILDING:
        connection.cursor().execute(f"PRAGMA {pragma}")
    connection.close()


def look_at_rows(session: Session) -> None:
    """Let PostgreSQL count what is there, so that the rows that follow are not made by a plan for an empty table."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.text("ANALYZE"))


def unchecked(session: Session) -> None:
    """Let PostgreSQL take rows without looking each of their keys up, until the transaction ends."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
