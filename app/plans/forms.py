"""The forms of plans, outcomes and blockers; what is wrong with them the rules say."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.core.errors import Refusal
from app.plans.rules.typed import BlockerTyped, OutcomeTyped, PlanTyped

WHY = "Only where the date moves; the former date is kept with it."


class PlanForm(FlaskForm):  # type: ignore[misc]
    """What was agreed."""

    title = StringField("What was agreed", description="In a few words, as the customer would say it.")
    agreed_on = StringField("Agreed on", widget=DateInput())
    agreed_with = SelectField("Agreed with", choices=[], validate_choice=False)
    due_on = StringField("All of it by", widget=DateInput())
    reason = TextAreaField("Why the date moves", description=WHY)

    def typed(self) -> PlanTyped:
        """What was typed, whatever it is."""
        return PlanTyped(**{name: sent(self, name) for name in PlanTyped.__annotations__})


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """What the customer wants to have reached."""

    title = StringField("What the customer wants to have reached")
    measure = TextAreaField(
        "How both will know", description="The measure or the value, such as “invoices out in a day”."
    )
    due_on = StringField("By when", widget=DateInput())
    reason = TextAreaField("Why the date moves", description=WHY)
    done_on = StringField("Reached on", description="Empty while it is open.", widget=DateInput())
    is_dropped = BooleanField("Given up by both; it counts for nothing")

    def typed(self) -> OutcomeTyped:
        """What was typed, whatever it is."""
        names = ("title", "measure", "due_on", "done_on", "reason")
        return OutcomeTyped(**{name: sent(self, name) for name in names}, is_dropped=bool(sent(self, "is_dropped")))


class BlockerForm(FlaskForm):  # type: ignore[misc]
    """What stands in the way."""

    title = StringField("What stands in the way")
    is_critical = BooleanField("Critical: the plan is stuck until it is gone")
    opened_on = StringField("Since", widget=DateInput())
    owner = SelectField("Who removes it", choices=[], validate_choice=False)
    resolved_on = StringField("Gone on", description="Empty while it is there.", widget=DateInput())

    def typed(self) -> BlockerTyped:
        """What was typed, whatever it is."""
        names = ("title", "opened_on", "resolved_on", "owner")
        return BlockerTyped(**{name: sent(self, name) for name in names}, is_critical=bool(sent(self, "is_critical")))


def sent(form: Any, name: str) -> str:
    """A field as it was sent; empty where it was not."""
    return str(form[name].raw_data[0]) if name in form and form[name].raw_data else ""


def offer(field: Any, choices: Mapping[int, str], nobody: str) -> None:
    """Give a list its choices, with nobody first."""
    field.choices = [SelectChoice("", nobody), *(SelectChoice(str(id_), name) for id_, name in choices.items())]


def show_refusal(form: Any, refusal: Refusal) -> None:
    """Let a refusal stand at its field, or at the first where the form has none of that name."""
    form[refusal.field if refusal.field in form.data else "title"].errors = [refusal.sentence]
