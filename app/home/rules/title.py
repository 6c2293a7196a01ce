"""The one finding over Home: of the first panel that has something to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.words import capital, counted
from app.home.rules.steps import steps_title

Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Title:
    """The finding, the sentences under it, and the panel that they are of."""

    text: str
    lede: str
    panel: str


SOON = "Everything of yours stands here once there is something to say."
NO_ACCOUNT = Title(
    "No account is assigned to you yet",
    "You see an account as soon as the file of accounts names you as its CSM.",
    "accounts",
)
NO_STUDY = Title("No study is shared with you yet", "You see a study as soon as a leader has created one.", "studies")


def title_of(shown: Shown) -> Title:
    """Return the title of a page with these panels: gaps first, then accounts, steps, the system, calls, studies."""
    found = (say(shown) for say in (_gaps, _accounts, _steps, _system, _calls, _studies))
    return next((title for title in found if title), NO_ACCOUNT if "accounts" in shown else NO_STUDY)


def _gaps(shown: Shown) -> Title | None:
    gaps = shown.get("gaps")
    return Title(gaps.headline, gaps.lede, "gaps") if gaps else None


def _accounts(shown: Shown) -> Title | None:
    accounts = shown.get("accounts")
    return Title(accounts.title, accounts.lede, "accounts") if accounts and accounts.total else None


def _steps(shown: Shown) -> Title | None:
    steps = shown.get("steps")
    return Title(steps_title(steps), SOON, "steps") if steps else None


def _system(shown: Shown) -> Title | None:
    system = shown.get("system")
    return Title(system.title, "", "system") if system else None


def _calls(shown: Shown) -> Title | None:
    calls = shown.get("calls")
    return Title(calls.title, "", "calls") if calls and not calls.is_empty else None


def _studies(shown: Shown) -> Title | None:
    studies = shown.get("studies")
    return (
        Title(f"{capital(counted(len(studies), 'study'))}, none with a report yet", "", "studies") if studies else None
    )
