"""The name of a place for an answer, as it stands in addresses, in the page and in the browser's queue."""

from urllib.parse import quote, unquote

from app.questionnaires.rules.route import Slot


def slot_name(slot: Slot) -> str:
    """The name of a slot: the question's key, and after @ the relationship, without any character that means more.

    The CRM's ids of relationships may hold anything; slashes, spaces and colons are written as %2F and the like.
    """
    return f"{slot.key}@{quote(slot.item, safe='')}" if slot.item else slot.key


def slot_named(name: str) -> Slot:
    """The slot of a name, whether or not there is such a place."""
    key, _, item = name.partition("@")
    return Slot(key, unquote(item))
