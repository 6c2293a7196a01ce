"""Tables of customers: accounts, contacts, conversations, deals, what they were promised, and what became of them."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, Document, Key, Money


class Account(Base):
    """A customer. `crm_id` is the key that every file and every address uses; `arr` is money per year."""

    __tablename__ = "account"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(40), default="active")
    segment: Mapped[str | None] = mapped_column(String(200))
    industry: Mapped[str | None] = mapped_column(String(200))
    tier: Mapped[str | None] = mapped_column(String(200))
    lifecycle_stage: Mapped[str | None] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(200))
    postal_code: Mapped[str | None] = mapped_column(String(40))
    arr: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    cost: Mapped[Decimal | None] = mapped_column(Money)
    incentives: Mapped[Decimal | None] = mapped_column(Money)
    pipeline: Mapped[Decimal | None] = mapped_column(Money)
    seats: Mapped[int | None]
    start_date: Mapped[date | None]
    renewal_date: Mapped[date | None]
    term_months: Mapped[int | None]
    plan: Mapped[str | None] = mapped_column(String(200))
    csm_email: Mapped[str | None] = mapped_column(String(254))
    tags: Mapped[list[str]] = mapped_column(default=list)
    custom: Mapped[Document] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    searched: Mapped[str | None] = mapped_column(Text)


class Contact(Base):
    """A person at an account: the one table that holds personal data of customers.

    `searched`, here as in Account, is what a search reads: `note_searched` writes it. `erased_at` is when all that told
    who it was was taken away at their wish; the row stays so that no file brings them back.
    """

    __tablename__ = "contact"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(80))
    role: Mapped[str | None] = mapped_column(String(80))
    is_primary: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(20))
    timezone: Mapped[str | None] = mapped_column(String(60))
    consent: Mapped[str] = mapped_column(String(10), default="unknown")
    custom: Mapped[Document] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    searched: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None]


class Relationship(Base):
    """What an account has with us, such as a product with its services: what looped questions are asked about.

    `parent_crm_id` is the CRM's id of the relationship above it, which may not be here (yet); `custom` holds the fields
    of its type. `searched` is what a search reads, as in Account.
    """

    __tablename__ = "relationship"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str | None] = mapped_column(String(300))
    arr: Mapped[Decimal | None] = mapped_column(Money)
    owner_email: Mapped[str | None] = mapped_column(String(254))
    parent_crm_id: Mapped[str | None] = mapped_column(String(200))
    custom: Mapped[Document] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    searched: Mapped[str | None] = mapped_column(Text)


class Promise(Base):
    """What an account was promised, by whom and of which kind: what the value interview reads back to the customer.

    What can be counted is an `amount` of money (a null `currency` is the account's), or a `quantity` of a `unit`.
    `delivered_on` is when all of it had arrived. Who acknowledged it only answers of customers tell.
    """

    __tablename__ = "promise"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    source: Mapped[str] = mapped_column(String(20))
    aspect: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    promised_on: Mapped[date | None]
    due_on: Mapped[date | None]
    amount: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    quantity: Mapped[Decimal | None] = mapped_column(Money)
    unit: Mapped[str | None] = mapped_column(String(40))
    delivered_on: Mapped[date | None]
    evidence: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Interaction(Base):
    """A conversation with an account, who began it (us, them) and whether they took part; None is not known.

    `summary` is words about a person as much as by one: it goes when the contact is erased.
    """

    __tablename__ = "interaction"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    occurred_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(20))
    started_by: Mapped[str | None] = mapped_column(String(10))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    participated: Mapped[bool | None]
    summary: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Opportunity(Base):
    """A deal that sales sees at an account; its stage is the CRM's own word, a null currency is the account's.

    `created_on` is the day on which the CRM says that it was created, `created_at` when it was first imported.
    """

    __tablename__ = "opportunity"

    id: Mapped[Key]
    crm_id: Mapped[str] = mapped_column(String(200), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    stage: Mapped[str] = mapped_column(String(80))
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str | None] = mapped_column(String(3))
    close_date: Mapped[date | None]
    created_on: Mapped[date | None]
    product: Mapped[str | None] = mapped_column(String(200))
    owner_email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Outcome(Base):
    """What became of an account on a day: renewed, churned, contracted, expanded, new."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("account_id", "outcome_date", "outcome"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    outcome_date: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20))
    reason_category: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)


Index("ix_account_status", Account.status)
# Whether an account takes part in what we begin is counted over this index alone.
Index(
    "ix_interaction_taken_part",
    Interaction.account_id,
    Interaction.started_by,
    Interaction.occurred_at,
    Interaction.participated,
)

# The list of accounts counts and sorts by these few columns, in the order of the ids, which is that of the rows that
# they are joined with.
Index(
    "ix_account_listed",
    Account.id,
    Account.renewal_date,
    Account.csm_email,
    Account.segment,
    Account.arr,
    Account.currency,
)
Index("ix_account_name", func.lower(Account.name), Account.id)
Index("ix_account_arr", Account.arr, Account.id, Account.currency)
Index("ix_account_renewal_date", Account.renewal_date, Account.id)
Index("ix_account_segment", Account.segment)
Index("ix_account_csm_email", Account.csm_email)
# What a CSM may see is found by it, in every statement that keeps to their accounts.
Index("ix_account_csm", func.lower(Account.csm_email))
# A search of accounts walks over this index alone on SQLite; PostgreSQL walks over the rows, and its indexes take no
# text of any length.
Index("ix_account_searched", Account.searched, postgresql_where=func.length(Account.searched) < 600)
Index("ix_relationship_searched", Relationship.account_id, Relationship.searched)
# What there is to have is read from name to name.
Index("ix_relationship_named", Relationship.name)
# A search of people walks over this index alone.
Index("ix_contact_searched", Contact.account_id, Contact.searched)
