"""The page of one account on paper: what it shows to a reader, read at once and laid out on A4."""

from dataclasses import dataclass
from datetime import date

from flask import render_template
from markupsafe import Markup

from app.core.clock import now
from app.customer360.reading import Reading, read_account
from app.customer360.rules.account import AccountPage
from app.customer360.rules.layout import Placed, placed
from app.customer360.rules.paper import OFF_MAIL, OFF_PAPER, on_paper
from app.customer360.rules.widgets import Widget
from app.customer360.sections import values_of
from app.surveys.here import place
from app.users.rules import Scope


@dataclass(frozen=True)
class Paper:
    """The page of an account for one reader: finished values, of its sections the HTML."""

    page: AccountPage
    summary: list[tuple[str, str]]
    widgets: list[Widget]
    situations: Markup
    override: str | None
    type_: str
    has_words: bool
    sections: list[tuple[Placed, Markup]]
    health: float | None
    voice: float | None
    reader: str
    made_on: date

    @property
    def file_name(self) -> str:
        """What the file is called: the account by its letters and digits alone, and the day."""
        name = "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in self.page.name).split())
        return f"{name.lower()[:60] or 'account'}-{self.made_on.isoformat()}.pdf"


def paper_of(scope: Scope, crm_id: str, type_: str = "", *, has_words: bool = True) -> Paper:
    """Return what the page of an account shows to a reader, sections that the web reads later too; Missing as there.

    Without words it holds nothing that customers said themselves, and no list of people: what a mail took away could
    never be taken back.
    """
    reading = read_account(scope, crm_id, type_)
    facts = reading.facts
    score = facts.scored.score if facts.scored else None
    kept_off = OFF_PAPER if has_words else OFF_PAPER | OFF_MAIL
    shown = [each for each in placed(reading.layout.sections) if each.key not in kept_off]
    has_situations = reading.figures.situations > 0
    return Paper(
        page=reading.page,
        summary=reading.summary,
        widgets=reading.widgets(kept_off),
        situations=part_on_paper("situations", reading, has_words=has_words) if has_situations else Markup(),
        override=reading.override,
        type_=reading.type_,
        has_words=has_words,
        sections=[(each, part_on_paper(each.key, reading, has_words=has_words)) for each in shown],
        health=facts.health.score if facts.health else None,
        voice=score.voice if score and score.voice_band else None,
        reader=scope.name or scope.email,
        made_on=now().date(),
    )


def part_on_paper(key: str, reading: Reading, *, has_words: bool) -> Markup:
    """Return a section as the page shows it, without what is to be pressed or typed; commands for admins stay there."""
    html = render_template(
        f"customer360/sections/{key}.html",
        it=values_of(key, reading),
        page=reading.page,
        account=reading.account,
        crm_id=reading.account.crm_id,
        runs_studies=False,
        person=reading.scope,
    )
    printed = on_paper(html, base_url=place().base_url, has_words=has_words)
    return Markup(printed)  # noqa: S704  (written anew from our own templates, texts escaped)


def paper_html(paper: Paper) -> str:
    """Return the HTML of which the PDF is made."""
    return render_template("customer360/paper.html", paper=paper, page=paper.page)
