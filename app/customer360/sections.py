"""What each section of an account's page reads, for the web and for paper."""

from collections.abc import Callable
from typing import Any

from app.actions.queries import actions_of_account
from app.core.clock import now, today
from app.core.database import db
from app.customer360.queries.account import cases_of, contacts_of, outcomes_of
from app.customer360.queries.layouts import arranged
from app.customer360.queries.opportunities import open_opportunities
from app.customer360.reading import Reading
from app.customer360.rules.distress import account_sentence
from app.customer360.rules.fields import case_line, cases_title, contact_line, outcome_line
from app.customer360.rules.layout import Extent
from app.customer360.rules.opportunities import deals_of
from app.customer360.rules.relationships import relationships_part
from app.ledger.queries.account import items_of
from app.ledger.rules.page import short_lines
from app.ledger.rules.page import summary as ledger_summary
from app.overlays.queries.accounts import overlays_of
from app.overlays.rules.page import lines_now
from app.relationships.queries.account import relationships_now
from app.relationships.queries.types import roll_up
from app.scoring.queries.outcomes import distress_of
from app.stakeholders.queries.people import coverage_at
from app.stakeholders.rules.page import summary
from app.timeline.queries.account import timeline_page
from app.users.rules import Permission

Values = dict[str, Any]

MOST_EVENTS = 10
"""How much of a timeline stands on the page of the account."""


def values_of(key: str, reading: Reading) -> Values:
    """Return what the template of a section needs beside the page; sections that only place its values need nothing."""
    read = READS.get(key)
    return read(reading) if read else {}


def read_actions(reading: Reading) -> Values:
    """Return the actions there, whoever does them; None where the caller's role sees none."""
    if not reading.scope.can(Permission.ACTIONS):
        return {"actions": None}
    found = actions_of_account(db.session, scope=reading.scope, account_id=reading.facts.account.id)
    return {"actions": found, "today": today()}


def read_promises(reading: Reading) -> Values:
    """Return what was promised and what the ledger says of it, as lines."""
    facts = reading.facts
    items = items_of(db.session, scope=reading.scope, account=facts.account, currency=facts.currency)
    return {"promises": short_lines(items, today()), "ledger": ledger_summary(items, today())}


def read_timeline(reading: Reading) -> Values:
    """Return the newest that happened, as far as the caller may read it."""
    account = reading.facts.account
    found = timeline_page(db.session, scope=reading.scope, account=account, today=today(), most=MOST_EVENTS)
    return {"timeline": found}


def read_stakeholders(reading: Reading) -> Values:
    """Return how well the account is known, in a sentence."""
    known = coverage_at(db.session, scope=reading.scope, account=reading.facts.account, at=now())
    return {"stakeholders": summary(known)}


def read_contacts(reading: Reading) -> Values:
    """Return the people there; None where the caller may not know them."""
    if not reading.facts.has_names:
        return {"contacts": None}
    return {"contacts": [contact_line(each) for each in contacts_of(db.session, reading.facts.account)]}


def read_relationships(reading: Reading) -> Values:
    """Return what the account has with us as a tree, and what it comes to; None where it has nothing."""
    account, scope = reading.facts.account, reading.scope
    rows = relationships_now(db.session, scope=scope, account=account, today=today(), has_trend=False)
    if not rows:
        return {"part": None}
    types = {name for extent, name in arranged(db.session) if extent == Extent.TYPE}
    return {"part": relationships_part(rows, roll_up(db.session), reading.facts.currency, types)}


def read_opportunities(reading: Reading) -> Values:
    """Return the open deals."""
    deals = open_opportunities(db.session, reading.facts.account)
    return {"deals": deals_of(deals, reading.facts.currency, today())}


def read_cases(reading: Reading) -> Values:
    """Return the newest cases under a title that counts them."""
    cases, total, still_open = cases_of(db.session, reading.facts.account)
    return {"title": cases_title(total, still_open), "cases": [case_line(each) for each in cases]}


def read_distress(reading: Reading) -> Values:
    """Return the distress of the account, in two sentences."""
    return {"distress": account_sentence(distress_of(db.session, reading.facts.account.id))}


def read_situations(reading: Reading) -> Values:
    """Return the situations that are around the account today."""
    return {"situations": lines_now(overlays_of(db.session, reading.facts.account, today()), today())}


def read_outcomes(reading: Reading) -> Values:
    """Return what became of the account."""
    return {"outcomes": [outcome_line(each) for each in outcomes_of(db.session, reading.facts.account)]}


READS: dict[str, Callable[[Reading], Values]] = {
    "actions": read_actions,
    "promises": read_promises,
    "timeline": read_timeline,
    "stakeholders": read_stakeholders,
    "contacts": read_contacts,
    "relationships": read_relationships,
    "opportunities": read_opportunities,
    "cases": read_cases,
    "distress": read_distress,
    "situations": read_situations,
    "outcomes": read_outcomes,
}
