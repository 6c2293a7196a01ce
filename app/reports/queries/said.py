"""The words of single statements, read when somebody looks: what must not be quoted is not among them."""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.questionnaires.rules.quoting import WITHHELD
from app.reports.queries.reach import Only, within
from app.reports.rules.topics.page import Said
from app.responses.models import Answer, Remark, Response
from app.responses.queries import counted, may_be_quoted, permission_of, quote_permission
from app.scoring.rules.statements import is_quote, remark_id
from app.studies.models import Respondent

PORTION = 500


def said_in(session: Session, statements: Collection[int], only: Only = None) -> dict[int, Said]:
    """The words of these statements as they stand now, by their ids as the figures hold them.

    `only` are the accounts that the reader may see; None is all of them.
    """
    ids, found = sorted(statements), {}
    for wanted, column, some in (
        (_answers(only), Answer.id, [each for each in ids if not is_quote(each)]),
        (_quotes(only), Remark.id, [remark_id(each) for each in ids if is_quote(each)]),
    ):
        for statement, text, *rest in _rows(session, wanted, column, some):
            if words := " ".join((text or "").split()):
                found[statement] = Said(words, *rest)
    return found


def _rows(session: Session, wanted: sa.Select[Any], column: Any, ids: list[int]) -> Iterator[Any]:
    for start in range(0, len(ids), PORTION):
        yield from session.execute(wanted.where(column.in_(ids[start : start + PORTION])))


def _answers(only: Only) -> sa.Select[Any]:
    permission = permission_of()
    return (
        sa.select(Answer.id, Answer.value_text, Respondent.account_id, Respondent.role, Answer.mode)
        .add_columns(Response.external_id, permission)
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .where(
            counted(),
            Answer.value_text.is_not(None),
            sa.func.coalesce(permission, "") != WITHHELD,
            *within(Respondent.account_id, only),
        )
    )


def _quotes(only: Only) -> sa.Select[Any]:
    return (
        sa.select(-Remark.id, Remark.quote, Respondent.account_id, Respondent.role, sa.literal("interview"))
        .add_columns(Response.external_id, quote_permission())
        .join(Response, Response.id == Remark.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .where(may_be_quoted(), *within(Respondent.account_id, only))
    )
