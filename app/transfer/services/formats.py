"""The kinds of import file: one entry each, one line each in the registry."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.database import Base
from app.customers.models import Account, Contact, Interaction, Opportunity, Outcome, Promise, Relationship
from app.customers.rules import LONGEST_PROMISE, Aspect, Channel, Source, Starter
from app.education.rules.records import Included
from app.health.models import SupportCase, Telemetry
from app.transfer.rules.cells import (
    LONGEST_TEXT,
    Address,
    Amount,
    Cell,
    Consent,
    Currency,
    Day,
    Moment,
    Number,
    OneOf,
    Tags,
    Truth,
    Whole,
    Words,
)
from app.transfer.rules.headers import Expected


@dataclass(frozen=True)
class Column:
    """One column of a file: what its cells hold, and where they go (`target`, else the column's own name).

    `empty` is what an empty cell means; `names_account`, `names_contact` and `names_relationship` mark the column whose
    text is the CRM's id of an account, of a person, or of a relationship.
    """

    name: str
    cell: Cell
    required: bool = False
    key: bool = False
    empty: Any = None
    target: str | None = None
    names_account: bool = False
    names_contact: bool = False
    names_relationship: bool = False
    remedy: str = "fill it in"

    @property
    def when_empty(self) -> str:
        """What to say of an empty cell where there must be a value."""
        return f"The cell is empty, and {self.name} is required; {self.remedy}."

    @property
    def attribute(self) -> str:
        """The column of the table that takes the value."""
        return self.target or self.name


@dataclass(frozen=True)
class Format:
    """One kind of import file and the table whose rows its rows are (None where they are not those of one table).

    `takes_custom` lets it bring fields of any name, `fields` are names that were declared for it: both become custom.
    """

    kind: str
    table: sa.Table | None
    columns: tuple[Column, ...]
    takes_custom: bool = False
    fields: tuple[str, ...] = ()

    @property
    def expected(self) -> Expected:
        """What the header may and must name."""
        required = tuple(column.name for column in self.columns if column.required)
        return Expected((*(column.name for column in self.columns), *self.fields), required, self.takes_custom)


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model."""
    table = model.__table__
    if not isinstance(table, sa.Table):
        raise TypeError(f"{model.__name__} is not kept in a table of its own")
    return table


OUTCOMES = ("renewed", "churned", "contracted", "expanded", "new")
ACCOUNT = Column("account_id", Words(), required=True, names_account=True)
ACCOUNT_AS_KEY = Column("account_id", Words(), required=True, key=True, names_account=True)
STATUS = OneOf(("active", "inactive", "churned"), others=Words(40))

ACCOUNTS = Format(
    "accounts",
    table_of(Account),
    (
        Column("account_id", Words(), required=True, key=True, target="crm_id"),
        Column("name", Words(300), required=True),
        Column("status", STATUS, empty="active"),
        *(
            Column(name, Words())
            for name in ("segment", "industry", "tier", "lifecycle_stage", "country", "state", "city")
        ),
        Column("postal_code", Words(40)),
        Column("arr", Amount()),
        Column("currency", Currency()),
        *(Column(name, Amount()) for name in ("cost", "incentives", "pipeline")),
        Column("seats", Whole()),
        Column("start_date", Day()),
        Column("renewal_date", Day()),
        Column("term_months", Whole()),
        Column("plan", Words()),
        Column("csm_email", Address()),
        Column("tags", Tags(), empty=[]),
    ),
    takes_custom=True,
)
CONTACTS = Format(
    "contacts",
    table_of(Contact),
    (
        Column("contact_id", Words(), required=True, key=True, target="crm_id"),
        ACCOUNT,
        Column("name", Words(300), required=True),
        Column("email", Address()),
        Column("phone", Words(80)),
        Column("role", Words(80)),
        Column("is_primary", Truth(), empty=False),
        Column("language", Words(20)),
        Column("timezone", Words(60)),
        Column("consent", Consent(), empty="unknown"),
    ),
    takes_custom=True,
)
RELATIONSHIPS = Format(
    "relationships",
    table_of(Relationship),
    (
        Column("relationship_id", Words(), required=True, key=True, target="crm_id"),
        ACCOUNT,
        Column("type", Words(80), required=True),
        Column("name", Words(300)),
        Column("arr", Amount()),
        Column("owner_email", Address()),
        Column("parent_id", Words(), target="parent_crm_id"),
    ),
)
PROMISES = Format(
    "promises",
    table_of(Promise),
    (
        Column("promise_id", Words(), required=True, key=True, target="crm_id"),
        ACCOUNT,
        Column("source", OneOf(tuple(Source)), required=True),
        Column("aspect", OneOf(tuple(Aspect)), required=True),
        Column("text", Words(LONGEST_PROMISE, has_lines=True), required=True),
        Column("promised_on", Day()),
        Column("due_on", Day()),
        Column("amount", Amount()),
        Column("currency", Currency()),
        Column("quantity", Amount()),
        Column("unit", Words(40)),
        Column("delivered_on", Day()),
        Column("evidence", Words(LONGEST_TEXT, has_lines=True)),
    ),
)
TELEMETRY = Format(
    "telemetry",
    table_of(Telemetry),
    (
        ACCOUNT_AS_KEY,
        Column("period_end", Day(), required=True, key=True),
        Column("metric", Words(120), required=True, key=True),
        Column("value", Number(), required=True),
        Column("unit", Words(40)),
        Column("relationship_id", Words(), key=True, names_relationship=True),
    ),
)
CASES = Format(
    "cases",
    table_of(SupportCase),
    (
        Column("case_id", Words(), required=True, key=True, target="crm_id"),
        ACCOUNT,
        Column("opened_at", Moment(), required=True),
        Column("closed_at", Moment()),
        Column("priority", Words(40)),
        Column("status", Words(40)),
        Column("csat", Number()),
    ),
)
INTERACTIONS = Format(
    "interactions",
    table_of(Interaction),
    (
        Column("interaction_id", Words(), required=True, key=True, target="crm_id"),
        ACCOUNT,
        Column("occurred_at", Moment(), required=True),
        Column("channel", OneOf(tuple(Channel)), required=True),
        Column("started_by", OneOf(tuple(Starter))),
        Column("contact_id", Words(), names_contact=True),
        Column("participated", Truth()),
        Column("summary", Words(LONGEST_TEXT, has_lines=True)),
    ),
)
OPPORTUNITIES = Format(
    "opportunities",
    table_of(Opportunity),
    (
        Column("opportunity_id", Words(), required=True, key=True, target="crm_id"),
        ACCOUNT,
        Column("stage", Words(80), required=True),
        Column("amount", Amount(), required=True),
        Column("currency", Currency()),
        Column("close_date", Day()),
        Column("created_on", Day()),
        Column("product", Words()),
        Column("owner_email", Address()),
    ),
)
OUTCOME_ROWS = Format(
    "outcomes",
    table_of(Outcome),
    (
        ACCOUNT_AS_KEY,
        Column("outcome_date", Day(), required=True, key=True),
        Column("outcome", OneOf(OUTCOMES), required=True, key=True),
        Column("reason_category", Words()),
        Column("reason", Words(LONGEST_TEXT, has_lines=True)),
    ),
)
RESPONSES = Format(
    "responses",
    None,
    (
        Column("response_id", Words(), required=True, key=True),
        ACCOUNT,
        Column("contact_id", Words(), required=True),
        Column("submitted_at", Moment(), required=True),
        Column("question", Words(), required=True, key=True),
        Column(
            "value",
            Words(LONGEST_TEXT, has_lines=True),
            required=True,
            remedy="leave out the rows of unanswered questions",
        ),
        Column("survey", Words()),
        Column("mode", OneOf(("survey", "interview"))),
    ),
)

BOUNCES = Format(
    "bounces",
    None,
    (
        Column("email", Address(), required=True),
        Column("bounced_at", Moment()),
        Column("type", OneOf(("hard", "soft")), empty="hard"),
        Column("reason", Words(LONGEST_TEXT, has_lines=True)),
        Column("message_id", Words()),
    ),
)

EDUCATION = Format(
    "education",
    None,
    (
        ACCOUNT_AS_KEY,
        Column("included", OneOf(tuple(Included)), required=True, remedy="write yes, no or unknown"),
        Column("what", Words(LONGEST_TEXT, has_lines=True)),
        Column("hours", Number()),
        Column("seats", Whole()),
        Column("taken_on", Day()),
        Column("takers", Words(LONGEST_TEXT, has_lines=True)),
        Column("people", Whole()),
        Column("share_percent", Number()),
    ),
)

FORMATS: dict[str, Format] = {
    each.kind: each
    for each in (
        ACCOUNTS,
        CONTACTS,
        RELATIONSHIPS,
        PROMISES,
        TELEMETRY,
        CASES,
        INTERACTIONS,
        OPPORTUNITIES,
        OUTCOME_ROWS,
        RESPONSES,
        BOUNCES,
        EDUCATION,
    )
}
