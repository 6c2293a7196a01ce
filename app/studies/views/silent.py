"""The accounts that have not been heard: on the page of their study, and as a file to work through."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.core.database import db
from app.core.formulas import neutralised
from app.core.paging import Paging
from app.core.words import label
from app.core.workspace import the_workspace
from app.studies.models import Study
from app.studies.queries.fieldwork import people_asked, silent_accounts
from app.studies.rules.silent import Asked, happened, silent_step
from app.studies.scope import may_see_contacts, study_in_scope
from app.studies.services.anonymity import refuse_anonymous
from app.users.policy import Permission, access, current_scope

ROWS = 25
COLUMNS = (
    "account_id",
    "account",
    "arr",
    "currency",
    "health",
    "band",
    "stratum",
    "csm_email",
    "people",
    "happened",
    "next_step",
)


@dataclass(frozen=True)
class Silent:
    """An account that has not been heard, who was to be heard there, what was done so far, and what to do."""

    account: Row[Any]
    people: list[Asked]
    happened: str
    step: str


def silent_page(study: Study, paging: Paging) -> list[Silent]:
    """Return one page of silent accounts, the largest first."""
    return silent_lines(study, silent_accounts(db.session, study, current_scope(), limit=ROWS, offset=paging.first))


def silent_lines(study: Study, rows: Sequence[Row[Any]]) -> list[Silent]:
    """Return silent accounts with the people there and the next step."""
    with_names = may_see_contacts(current_scope(), study)
    people = people_asked(db.session, study, [row.id for row in rows], with_names=with_names)
    is_closed = study.closed_at is not None
    return [
        Silent(row, asked, happened(asked), silent_step(asked, is_closed=is_closed))
        for row in rows
        for asked in [people.get(row.id, [])]
    ]


@access(Permission.REPORTS)
def silent_csv(key: str) -> ResponseReturnValue:
    """Give all silent accounts, the largest first; who sees no names gets the roles."""
    study = study_in_scope(db.session, scope=current_scope(), key=key)
    refuse_anonymous(study)
    rows = silent_accounts(db.session, study, current_scope(), limit=None)
    currency = the_workspace(db.session).currency
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(cells(line, currency) for line in silent_lines(study, rows))
    return Response(
        file.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="silent-{study.key}.csv"'},
    )


def cells(line: Silent, currency: str | None) -> list[Any]:
    """Return a silent account as a row under `COLUMNS`, harmless in a spreadsheet."""
    account = line.account
    people = "; ".join(f"{who.name}, {label(who.role).lower()}" if who.name else label(who.role) for who in line.people)
    texts = (account.crm_id, account.name, account.stratum, account.csm_email or "", people, line.happened, line.step)
    crm_id, name, stratum, csm, asked, done, step = map(neutralised, texts)
    money = (account.arr, account.currency or currency)
    return [crm_id, name, *money, account.score, account.band, stratum, csm, asked, done, step]
