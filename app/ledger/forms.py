"""The forms of the ledger; what is wrong with them the rules say."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.core.errors import Refusal
from app.core.words import label
from app.customers.rules import Source
from app.ledger.rules.typed import Side, TypedEntry

SIDES = {
    Side.DELIVERED: "All or a part of it was delivered",
    Side.TO_COME: "A part of it is still to come",
    Side.TOLD: "The customer was told what they got",
}


class EntryForm(FlaskForm):  # type: ignore[misc]
    """What happened to a promise."""

    side = SelectField(
        "What happened",
        choices=[SelectChoice("", "Choose …"), *(SelectChoice(each.value, words) for each, words in SIDES.items())],
        validate_choice=False,
    )
    happens_on = StringField("On which day", widget=DateInput())
    source = SelectField(
        "Who says so",
        choices=[SelectChoice("", "Choose …"), *(SelectChoice(each.value, label(each)) for each in Source)],
        validate_choice=False,
    )
    amount = StringField("Amount of money", description="Where it can be counted in money; else leave it empty.")
    currency = StringField("Currency", description="In three letters; empty is the account’s currency.")
    quantity = StringField("Or a count", description="Where it is counted in something else, such as 300 hours.")
    unit = StringField("Of what", description="What is counted: hours, users, tickets.")
    evidence = TextAreaField("What shows it", description="A link, or a few words that a colleague could check.")
    completes = BooleanField("With this, all of it is delivered")

    def typed(self) -> TypedEntry:
        """What was typed, whatever it is."""
        return TypedEntry(**{name: sent(self, name) for name in TypedEntry.__annotations__})


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why an entry is withdrawn."""

    reason = TextAreaField("Why it is withdrawn", description="The entry stays in the history, with this reason.")


def sent(form: Any, name: str) -> str:
    """A field as it was sent; empty where it was not."""
    return str(form[name].raw_data[0]) if name in form and form[name].raw_data else ""


def show_refusal(form: Any, refusal: Refusal, otherwise: str) -> None:
    """Let a refusal stand at its field, or at another where the form has none of that name."""
    form[refusal.field if refusal.field in form.data else otherwise].errors = [refusal.sentence]
