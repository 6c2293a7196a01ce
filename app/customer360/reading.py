"""One look at an account: what its page shows to a reader, each part read when it is asked for, and once."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core.clock import now, today
from app.core.database import db
from app.customer360.queries.account import Facts, account_facts
from app.customer360.queries.figures import account_figures
from app.customer360.rules.account import AccountPage, account_page
from app.customer360.rules.layout import Layout, layout_of, role_of
from app.customer360.rules.summary import OWN, Known, field_value
from app.customer360.rules.widgets import Beside, Widget, widgets_of
from app.customers.models import Account
from app.pulse.queries import JudgementNow, judgement_now
from app.pulse.rules.overrides import override_line
from app.relationships.queries.tile import rolled_of
from app.users.rules import Permission, Scope

LONGEST_TYPE = 80


@dataclass(frozen=True)
class Reading:
    """An account's facts and who looks; `type_` is the type of relationships for which the page is arranged, or blank.

    What several sections share is read once.
    """

    facts: Facts
    scope: Scope
    type_: str = ""

    @property
    def account(self) -> Account:
        """Whose page it is."""
        return self.facts.account

    @cached_property
    def page(self) -> AccountPage:
        """The finished values of title, voice, health and gap."""
        return account_page(self.facts, today())

    @cached_property
    def layout(self) -> Layout:
        """What the page shows, as it was arranged for the type or for the reader's role."""
        return layout_of(self.facts.by_type or self.facts.by_role)

    @cached_property
    def judgement(self) -> JudgementNow:
        """What the CSM thinks, and which override stands."""
        return judgement_now(db.session, self.account, today(), scope=self.scope)

    @cached_property
    def figures(self) -> Any:
        """The figures of the widgets, in one row."""
        return account_figures(
            db.session,
            self.account,
            widgets={each.key for each in self.layout.widgets if each.is_shown},
            options={each.key: each.options for each in self.layout.widgets},
            own=[key[len(OWN) :] for key in self._unknown],
            currency=self.facts.currency,
            at=now(),
        )

    @cached_property
    def summary(self) -> list[tuple[str, str]]:
        """The summary by name and value: of its fields those that no account has are left out."""
        gone = {key for place, key in enumerate(self._unknown) if not getattr(self.figures, f"has_{place}")}
        known = Known(self.account, self.facts.currency, today(), self.figures.left_on, self.facts.owner)
        shown = self.layout.on_page
        return [(each.name, field_value(each.field, known)) for each in shown if each.field not in gone]

    def widgets(self, without: Collection[str] = ()) -> list[Widget]:
        """The widgets that show, but for those left out."""
        return widgets_of([each for each in self.layout.widgets if each.key not in without], self._beside)

    @property
    def override(self) -> str | None:
        """The override that stands beside health by telemetry, in a sentence, where the reader may see it."""
        if self.judgement.override is None:
            return None
        health = self.facts.health
        found = (health.telemetry_score, health.telemetry_band) if health else (None, None)
        return override_line(self.judgement.override, *found)

    @property
    def _unknown(self) -> list[str]:
        """The workspace's own fields in the summary that this account does not have."""
        custom = self.account.custom or {}
        own = [each.field for each in self.layout.on_page if each.field.startswith(OWN)]
        return [key for key in own if key[len(OWN) :] not in custom]

    @property
    def _beside(self) -> Beside:
        figures = self.figures
        is_rolled = any(each.key == "relationships" and each.is_shown for each in self.layout.widgets)
        return Beside(
            facts=self.facts,
            figures=figures,
            judgement=self.judgement,
            quotes=self.page.quotes,
            on=today(),
            options={each.key: each.options for each in self.layout.widgets},
            sees_actions=self.scope.can(Permission.ACTIONS),
            rolled=rolled_of(figures.relationships_parts, figures.relationships_rule) if is_rolled else None,
        )


def read_account(scope: Scope, crm_id: str, type_: str = "") -> Reading:
    """Return one look at an account for a reader who asks for relationships of a type; Missing where it is not theirs.

    A type for which nobody arranged the page is none.
    """
    asked = type_[:LONGEST_TYPE].lower()
    facts = account_facts(db.session, scope=scope, crm_id=crm_id, role=role_of(scope.roles), type_=asked)
    return Reading(facts, scope, asked if facts.by_type else "")
