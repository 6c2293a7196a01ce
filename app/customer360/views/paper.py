"""The page of one account on paper: what it shows to a reader, read at once and laid out on A4."""

from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.core.clock import now, today
from app.core.database import db
from app.core.pdf import render_pdf
from app.customer360.queries.account import account_facts
from app.customer360.rules.account import AccountPage
from app.customer360.rules.layout import Placed, layout_of, placed, role_of
from app.customer360.rules.paper import OFF_MAIL, OFF_PAPER, on_paper
from app.customer360.rules.widgets import Widget, widgets_of
from app.customer360.views.account import LONGEST_TYPE, beside, override_sentence, summed_up
from app.customer360.views.blueprint import blueprint
from app.customer360.views.sections import Reading, values_of
from app.pulse.queries import judgement_now
from app.surveys.here import place
from app.users.policy import Permission, access, current_scope
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


@blueprint.get("/accounts/<text:account_id>/page.pdf", merge_slashes=False)
@access(Permission.ACCOUNTS)
def page_pdf(account_id: str) -> ResponseReturnValue:
    """Give the page of an account as PDF, as it is arranged for the caller."""
    paper = paper_of(current_scope(), account_id, request.args.get("type", "")[:LONGEST_TYPE].lower())
    html = paper_html(paper)
    db.session.rollback()  # A page takes seconds to lay out; meanwhile nothing is held open.
    named = {"Content-Disposition": f'inline; filename="{paper.file_name}"'}
    return Response(render_pdf(html), mimetype="application/pdf", headers=named)


def paper_of(scope: Scope, crm_id: str, type_: str = "", *, has_words: bool = True) -> Paper:
    """Return what the page of an account shows to a reader, sections that the web reads later too; Missing as there.

    Without words it holds nothing that customers said themselves, and no list of people: what a mail took away could
    never be taken back.
    """
    facts = account_facts(db.session, scope=scope, crm_id=crm_id, role=role_of(scope.roles), type_=type_)
    layout = layout_of(facts.by_type or facts.by_role)
    reading = Reading(facts, scope)
    judgement = judgement_now(db.session, facts.account, today(), scope=scope)
    figures, summary = summed_up(reading, layout)
    score = facts.scored.score if facts.scored else None
    kept_off = OFF_PAPER if has_words else OFF_PAPER | OFF_MAIL
    shown = [each for each in placed(layout.sections) if each.key not in kept_off]
    widgets = [each for each in layout.widgets if each.key not in kept_off]
    return Paper(
        page=reading.page,
        summary=summary,
        widgets=widgets_of(widgets, beside(reading, layout, figures, judgement)),
        situations=part_on_paper("situations", reading, has_words=has_words) if figures.situations else Markup(),
        override=override_sentence(reading, judgement),
        type_=type_ if facts.by_type else "",
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
        account=reading.facts.account,
        crm_id=reading.facts.account.crm_id,
        runs_studies=False,
        person=reading.scope,
    )
    printed = on_paper(html, base_url=place().base_url, has_words=has_words)
    return Markup(printed)  # noqa: S704  (written anew from our own templates, texts escaped)


def paper_html(paper: Paper) -> str:
    """Return the HTML of which the PDF is made."""
    return render_template("customer360/paper.html", paper=paper, page=paper.page)
