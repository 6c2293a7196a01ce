"""A workspace whose health moves: everybody, three accounts, a scorecard, and computations day by day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alerts.models import Alert, AlertMail
from app.alerts.rules.wishes import Extent, Wish
from app.alerts.services.subscribing import subscribe
from app.core.clock import now
from app.customers.models import Account
from app.health.models import HealthComputation, ScorecardVersion, Telemetry
from app.health.services import compute_health, load_scorecard
from app.users.models import User
from app.users.queries import scope_of
from tests.users.people import CSM, add_people

DAY = date(2026, 3, 31)
LINE = [[0, 0], [100, 100]]
CARD = {
    "key": "default",
    "measures": [
        {"key": "use", "name": "Usage", "metric": "use", "points": LINE, "weight": 3, "window_days": 1},
        {"key": "logins", "name": "Logins", "metric": "logins", "points": LINE, "weight": 1, "window_days": 1},
    ],
}
HOSTILE = "<script>alert(1)</script> & Co"
COLOUR = Wish(Extent.ALL, colour=True, falls_by=None, silence=False)
ALL = Wish(Extent.ALL, colour=True, falls_by=10, silence=True)


def add_world(session: Session) -> None:
    """Add A and B, which are Carl's, and C, which is nobody's; health of the first day is 80, 60 and 90."""
    add_people(session)
    session.add_all(
        [
            Account(crm_id="A", name="Haskelby", csm_email=CSM.upper(), arr=120_000, segment="Large"),
            Account(crm_id="B", name=HOSTILE, csm_email=CSM, arr=50_000),
            Account(crm_id="C/1 ø", name="Cedar", arr=10_000, currency="USD"),
        ]
    )
    session.flush()
    load_scorecard(session, document=CARD)
    computed(session, 0, A=(80, 80), B=(60, 60), C=(90, 90))


def computed(session: Session, day: int, **values: tuple[float, float] | None) -> HealthComputation:
    """Compute health some days after DAY, from the values of use and logins of the accounts by their first letter."""
    on = DAY + timedelta(days=day)
    ids = {crm_id[0]: id_ for id_, crm_id in session.execute(select(Account.id, Account.crm_id))}
    for letter, pair in values.items():
        for metric, value in zip(("use", "logins"), pair or (), strict=False):
            session.merge(Telemetry(account_id=ids[letter], metric=metric, period_end=on, value=value))
    session.flush()
    version = session.scalars(select(ScorecardVersion).order_by(ScorecardVersion.id.desc()).limit(1)).one()
    return compute_health(session, version=version, as_of=on)


def person(session: Session, email: str) -> User:
    return session.scalars(select(User).where(User.email == email)).one()


def account(session: Session, letter: str) -> Account:
    return session.scalars(select(Account).where(Account.crm_id.startswith(letter))).one()


def ask(session: Session, email: str, wish: Wish = ALL, about: str | None = None) -> bool:
    """Have somebody told of what they want."""
    scope = scope_of(person(session, email))
    return subscribe(session, scope=scope, wish=wish, account=(about and account(session, about)) or None, at=now())


def noted(session: Session) -> list[tuple[str, str, list[str]]]:
    """Whom each alert is for, about which account, and what it tells, in the order in which they were noted."""
    rows: Any = session.execute(
        select(User.email, Account.crm_id, Alert.kinds)
        .join(AlertMail, AlertMail.id == Alert.mail_id)
        .join(User, User.id == AlertMail.user_id)
        .join(Account, Account.id == Alert.account_id)
        .order_by(Alert.id)
    )
    return [(email, crm_id[0], kinds) for email, crm_id, kinds in rows]
