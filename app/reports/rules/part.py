"""A report of a part of a study says so: no sentence of it speaks for the accounts that were left out."""

from app.core.display import NBSP, number
from app.core.words import lower_first
from app.reports.rules.document import Document
from app.reports.rules.words import counted, plural
from app.scoring.rules.choice import PEOPLE_FIELDS


def is_part(document: Document) -> bool:
    """Whether the report is of a part of the study."""
    return bool(document.get("filters"))


def is_of_people(document: Document) -> bool:
    """Whether some people alone speak for the accounts."""
    return any(field in PEOPLE_FIELDS for field in document.get("filters") or {})


def part_words(document: Document) -> str:
    """What was chosen, as it stands in the head of the report; empty where it is the whole study."""
    return " · ".join((document.get("filter_words") or {}).values())


def all_accounts(document: Document) -> str:
    """For whom estimates speak: all accounts, or all that were chosen."""
    return "all accounts chosen" if _of_accounts(document) else "all accounts"


def nouns(document: Document, n: int) -> str:
    """The noun for so many accounts: those of the study, or those chosen."""
    return f"{plural(n, 'account')} chosen" if _of_accounts(document) else plural(n, "account")


def led(document: Document, sentence: str) -> str:
    """The sentence, led by of which part it is true."""
    among = f"among the {counted(document['sample']['drawn'], 'account')} chosen" if _of_accounts(document) else ""
    heard = f"heard from {_people(document)} alone" if is_of_people(document) else ""
    lead = ", ".join(part for part in (among, heard) if part)
    return f"{lead[0].upper()}{lead[1:]}, {lower_first(sentence)}" if lead else sentence


def part_notes(document: Document) -> list[str]:
    """What a reader of a part must know, before any figure."""
    notes = []
    if _of_accounts(document):
        chosen = " · ".join(words for field, words in document["filter_words"].items() if field not in PEOPLE_FIELDS)
        n = document["sample"]["drawn"]
        own = "" if is_of_people(document) else "; scores and flags of single accounts are those of the whole study"
        notes.append(
            f"A part of the study: {chosen}. Every figure is of the {counted(n, 'account')} drawn that "
            f"{'match' if n != 1 else 'matches'}{own}."
        )
    if is_of_people(document):
        notes.append(
            f"Only {_people(document)} speak here: voices, gaps and flags of accounts rest on them alone, by the "
            "settings of the whole study, and may differ from what the accounts came to there."
        )
    return notes


def restricted_sentence(document: Document) -> str:
    """What a reader who sees only some accounts must know; empty for everyone else."""
    if not document["is_restricted"] or is_part(document):
        return ""
    n, drawn = len(document["accounts"]), document["sample"]["drawn"]
    return (
        f"You see {counted(n, 'account')} of the {number(drawn)}{NBSP}{plural(drawn, 'account')} drawn: "
        "those assigned to you. Figures for the whole study are the same for every reader."
    )


def _of_accounts(document: Document) -> bool:
    return any(field not in PEOPLE_FIELDS for field in document.get("filters") or {})


def _people(document: Document) -> str:
    words = document["filter_words"]
    role, mode = words.get("role") or "people", document["filters"].get("mode")
    return f"{role} in {plural(2, mode)}" if mode else str(role)
