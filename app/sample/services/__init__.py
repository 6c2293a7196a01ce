"""Loading the sample portfolio: written as import files and loaded like anybody's."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.workspace import the_workspace
from app.customers.models import Account, Promise
from app.education.services import note_education
from app.effort.rules.typed import Line
from app.effort.services import say_week
from app.health.services import compute_health, load_scorecard
from app.interviews.models import Interview
from app.interviews.queries.coding import predicted_pairs
from app.interviews.queries.talks import talk_in_scope
from app.interviews.services.assigning import assign_interviews
from app.interviews.services.predicting import predict
from app.ledger.services import Writer as LedgerWriter
from app.ledger.services import add_entry
from app.overlays.services import begin_overlay, change_level, judge_industries
from app.plans.queries.one import people_to_agree
from app.plans.services import Writer, add_blocker, add_outcome, begin_plan, change_outcome
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.services import publish_built_ins, publish_questionnaire
from app.relationships.services import save_type
from app.relationships.services.computing import compute_relationships
from app.responses.models import Response
from app.responses.services.promises import keep_promise_answers
from app.sample.rules import situations
from app.sample.rules.agreed import agreed_plans
from app.sample.rules.efforts import efforts, later
from app.sample.rules.ledgers import happened_to
from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio, build_portfolio
from app.sample.rules.predictions import predicted
from app.sample.rules.product_check import check_questionnaire
from app.sample.rules.profiles import by_account
from app.sample.rules.relationships import DEFINITION, TYPE
from app.sample.rules.responses import responses_for
from app.sample.rules.said import said_of
from app.sample.rules.table import Table
from app.sample.rules.telemetry import month_ends
from app.sample.services.asking import ask_about_products
from app.sample.services.doing import begin_actions
from app.sample.services.judging import ask_for_alerts, judge_accounts
from app.scoring.services import Beside, score_study
from app.scoring.services.validating import ask_validation
from app.studies.models import Study
from app.studies.queries import respondents_of
from app.studies.services import create_study, draw_study
from app.transfer.services import Options, import_file
from app.users.models import User
from app.users.rules import Role, Scope
from app.users.services import create_user

SAMPLE_STUDY = "sample"

VENDOR = "Norrvane Software"
"""The invented company whose customers the sample's accounts are, and to whom their quotes speak."""

PEOPLE = {
    "admin": ("admin", "Robin Ashdown"),
    "leader": ("leader", "Imke Varga-Lund"),
    "csm": ("csm", "Mara Oskjold"),
    "csm2": ("csm", "Tom Quist"),
    "viewer": ("viewer", "Noor Haddad"),
}

MONTHS_OF_HEALTH = 6
"""For how many month ends health is computed, so that its line and its changes have something to show."""

Report = Callable[[str], None]


def is_empty(session: Session) -> bool:
    """Whether the workspace has no accounts yet."""
    return session.scalar(select(Account.id).limit(1)) is None


def load_sample(session: Session, *, password: str, report: Report, on: date | None = None) -> dict[str, Any]:
    """Fill an empty workspace with the sample: sign-ins, 120 accounts, two finished and scored studies.

    `report` is told each step; `on` is the day as of which the sample is made, today unless said otherwise. Returns
    counts by kind. Raises Refusal where an importer refuses, which would be a fault of the sample.
    """
    portfolio = build_portfolio(seed=SAMPLE_SEED, today=on or today())
    workspace = the_workspace(session)
    workspace.is_sample = True
    workspace.organisation = VENDOR
    session.add(workspace)
    for key, (role, name) in PEOPLE.items():
        create_user(session, email=f"{key}@sample.parallax.test", role=role, password=password, name=name)
    publish_built_ins(session)
    publish_questionnaire(session, document=check_questionnaire(built_in_documents()))
    scorecard = load_scorecard(session, document=portfolio.scorecard)
    of_products = load_scorecard(session, document=portfolio.products_scorecard)
    save_type(session, actor_id=None, type_=TYPE, definition=DEFINITION, based_on=0)
    counts = {kind: _import(session, kind, table, report) for kind, table in portfolio.tables.items()}
    counts["telemetry"] += _import(session, "telemetry", portfolio.product_telemetry, report)
    _surround(session, portfolio, on or today())
    report("Computing the health of the past months …")
    ends = month_ends(date.fromisoformat(portfolio.study["health_as_of"]), MONTHS_OF_HEALTH)
    # As old as the health that it gives, so that it stands before the sentiments of the round.
    scorecard.created_at = of_products.created_at = datetime.combine(ends[0], time(8), UTC)
    for end in ends:
        compute_health(session, version=scorecard, as_of=end)
        compute_relationships(session, end)
    report("Asking about each product, half a year ago …")
    heard = ask_about_products(session, portfolio, ends[0])
    report("Drawing the cross-section …")
    study = create_study(session, document=portfolio.study)
    drawn = draw_study(session, study=study)
    people = [
        (person.account_crm_id, person.contact_crm_id, person.role, person.mode)
        for person in respondents_of(session, study)
    ]
    answers = responses_for(people, portfolio, SAMPLE_SEED)
    _predict(session, study, portfolio, {row[2] for row in answers.rows})
    _tell_weeks(session, portfolio, on or today())
    _agree_plans(session, portfolio, on or today())
    _fill_ledgers(session, portfolio, on or today())
    report("Asking the CSMs what they think …")
    judge_accounts(session, portfolio, on or today())
    begin_actions(session, portfolio, on or today())
    counts["responses"] = _import(session, "responses", answers, report, study=study.key)
    _hear_of_promises(session, portfolio, answers, on or today())
    report("Scoring the study …")
    scored = score_study(session, study=study, beside=Beside(predicted_pairs))
    ask_for_alerts(session, on or today())
    # The worker tests the scorecard: the sample shall be there sooner.
    ask_validation(session, version=scorecard, as_of=on or today())
    answered = {"study": study.key, "drawn": drawn.accounts, "answered": scored.accounts}
    return counts | answered | {"heard_before": heard}


def _surround(session: Session, portfolio: Portfolio, on: date) -> None:
    """Put a situation on record with what people say of it, and what is known of education at the end of the month."""
    people = {user.email: user.id for user in session.scalars(select(User))}
    leader = people["leader@sample.parallax.test"]
    at = datetime.combine(on, time(9), UTC)
    overlay = begin_overlay(session, typed=situations.shortage(on), at=at, by=leader)
    industries, chosen, words = (list(column) for column in zip(*situations.IMPACTS, strict=True))
    judged = {"industries": industries, "chosen": chosen, "words": words}
    judge_industries(session, key=overlay.key, **judged, known=set(industries), at=at, by=leader)
    accounts = {account.crm_id: account for account in session.scalars(select(Account))}
    currency = the_workspace(session).currency
    for crm_id, change in situations.changes(portfolio.accounts):
        account, by = accounts[crm_id], people[accounts[crm_id].csm_email or ""]
        change_level(session, key=overlay.key, account=account, typed=change, currency=currency, at=at, by=by)
    month = month_ends(on)[-1]
    noted_at = datetime.combine(month, time(12), UTC)
    for crm_id, typed in situations.education(portfolio.accounts, SAMPLE_SEED, month):
        account = accounts[crm_id]
        note_education(session, account=account, typed=typed, at=noted_at, by=people[account.csm_email or ""])


def _predict(session: Session, study: Study, portfolio: Portfolio, heard: set[str]) -> None:
    """Give the interviews that will be held to the accounts' own csms, who seal what they expect to hear."""
    csms = session.execute(select(Account.id, User).join(User, User.email == Account.csm_email))
    own: dict[int, User] = {row[0]: row[1] for row in csms}
    people = {
        person.respondent_id: person
        for person in respondents_of(session, study)
        if person.mode == "interview" and person.contact_crm_id in heard
    }
    at = datetime.combine(study.opens_on, time(8), UTC)
    choices = {id_: own[person.account_id].id for id_, person in people.items()}
    assign_interviews(session, study=study, choices=choices, at=at, by=study.owner_id or 0)
    profiles = by_account(portfolio.accounts)
    for interview in session.scalars(select(Interview).order_by(Interview.id)).all():
        person = people[interview.respondent_id]
        csm = own[person.account_id]
        talk = talk_in_scope(session, scope=_scope(csm), interview_id=interview.id)
        told = predicted(profiles[person.account_crm_id], person.contact_crm_id, SAMPLE_SEED)
        predict(session, talk=talk, predicted=told, at=at, by=csm.id)


def _tell_weeks(session: Session, portfolio: Portfolio, on: date) -> None:
    """Have each csm say what their accounts take of the week, and a fortnight later what has changed."""
    ids = {crm_id: id_ for crm_id, id_ in session.execute(select(Account.crm_id, Account.id))}  # noqa: C416  (a row is no pair to mypy)
    for csm in session.scalars(select(User).where(User.email.in_(select(Account.csm_email)))).all():
        for ago, table in ((20, efforts(portfolio.accounts, SAMPLE_SEED)), (6, later(portfolio.accounts, SAMPLE_SEED))):
            lines = [Line(ids[crm_id], share, complexity) for crm_id, (share, complexity) in table.items()]
            at = datetime.combine(on - timedelta(days=ago), time(15), UTC)
            say_week(session, scope=_scope(csm), lines=lines, form_key=f"sample-{ago}", at=at)


def _agree_plans(session: Session, portfolio: Portfolio, on: date) -> None:
    """Have csms write down what was agreed, with dates that moved and what stands in the way."""
    owners = session.execute(select(Account, User.id).join(User, User.email == Account.csm_email))
    own = {account.crm_id: (account, user_id) for account, user_id in owners}
    for agreed in agreed_plans(portfolio.accounts, SAMPLE_SEED, on):
        account, user_id = own[agreed.account_id]
        writer = Writer(user_id, datetime.combine(agreed.plan.agreed_on, time(11), UTC))
        known = next(iter(people_to_agree(session, account)), "")
        key = f"sample-{agreed.account_id}"
        begin_plan(session, account=account, wish=agreed.plan, agreed_with=str(known), form_key=key, writer=writer)
        for number, outcome in enumerate(agreed.outcomes):
            added = add_outcome(session, account=account, wish=outcome, form_key=f"{key}-{number}", writer=writer)
            if number in agreed.moved:
                change_outcome(session, account=account, outcome_id=added.id, wish=agreed.moved[number], writer=writer)
        for number, blocker in enumerate(agreed.blockers):
            wish = replace(blocker, owner_id=user_id)
            add_blocker(session, account=account, wish=wish, form_key=f"{key}-b{number}", writer=writer)


def _fill_ledgers(session: Session, portfolio: Portfolio, on: date) -> None:
    """Have csms write down which parts of promises arrived, and what customers were told of those that are kept."""
    own = session.execute(
        select(Promise.crm_id, Promise.id, Account, User.id)
        .join(Account, Account.id == Promise.account_id)
        .join(User, User.email == Account.csm_email)
    )
    promises = {row[0]: row[1:] for row in own}
    for number, each in enumerate(happened_to(portfolio.accounts, portfolio.tables["promises"], SAMPLE_SEED, on)):
        promise_id, account, user_id = promises[each.promise_id]
        writer = LedgerWriter(user_id, datetime.combine(each.on, time(16), UTC))
        key = f"sample{number}"
        add_entry(session, account=account, promise_id=promise_id, typed=each.typed, form_key=key, writer=writer)


def _hear_of_promises(session: Session, portfolio: Portfolio, answers: Table, on: date) -> None:
    """Have people say in their interviews whether promises have reached them."""
    promises = {crm_id: id_ for crm_id, id_ in session.execute(select(Promise.crm_id, Promise.id))}  # noqa: C416  (a row is no pair to mypy)
    responses = {each.external_id: each for each in session.scalars(select(Response))}
    table = portfolio.tables["promises"]
    happened = happened_to(portfolio.accounts, table, SAMPLE_SEED, on)
    by_response: dict[str, dict[int, str]] = defaultdict(dict)
    for each in said_of(portfolio.accounts, table, happened, answers, SAMPLE_SEED):
        by_response[each.response_id][promises[each.promise_id]] = each.word
    for response_id, said in by_response.items():
        keep_promise_answers(session, response=responses[response_id], said=said)


def _scope(csm: User) -> Scope:
    return Scope(user_id=csm.id, email=csm.email.lower(), name=csm.name, roles=frozenset({Role.CSM}))


def _import(session: Session, kind: str, table: Table, report: Report, *, study: str | None = None) -> int:
    report(f"Importing {len(table.rows):,} rows of {kind} …")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.csv"
        path.write_text(table.csv_text(), encoding="utf-8")
        return import_file(session, kind=kind, path=path, options=Options(study=study)).rows
