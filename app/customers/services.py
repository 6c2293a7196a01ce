"""What is kept of customers besides what their files say."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, Text, cast, func, select, update
from sqlalchemy.orm import Session

from app.core.database import small_letters
from app.customers.models import Account, Contact, Interaction, Relationship


def note_searched(session: Session) -> None:
    """Bring up to date what a search reads: names, CRM ids and tags in small letters, each in a line of its own.

    Three statements over the rows that changed since. A search of 100,000 accounts then compares one text for each.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    each: Any = func.json_each(Account.tags) if is_sqlite else func.json_array_elements_text(Account.tags)
    tags = each.table_valued("value")
    line = cast("\n", String)
    joined = select(func.aggregate_strings(cast(tags.c.value, Text), "\n")).select_from(tags).correlate(Account)
    words = Account.name + line + Account.crm_id + line + func.coalesce(joined.scalar_subquery(), "")
    has = func.coalesce(Relationship.name, "") + line + Relationship.crm_id + line + Relationship.type
    for model, text in ((Account, words), (Contact, Contact.name), (Relationship, has)):
        folded = small_letters(text)
        changed = update(model).values(searched=folded).where(model.searched.is_distinct_from(folded))
        session.execute(changed.execution_options(synchronize_session=False))


def forget_conversations(session: Session, *, contact_ids: Sequence[int]) -> None:
    """Take away what was said with these people; that there was a conversation, and whether they took part, stays."""
    theirs = update(Interaction).where(Interaction.contact_id.in_(contact_ids), Interaction.summary.is_not(None))
    session.execute(theirs.values(summary=None).execution_options(synchronize_session=False))


ERASED = "erased-"
"""How the key of an erased contact begins whose own key told who it was."""


def erased_key(crm_id: str) -> str:
    """What stands in place of a CRM id that tells who somebody was: the same for the same id, so that it is known."""
    return ERASED + hashlib.sha256(crm_id.encode()).hexdigest()
