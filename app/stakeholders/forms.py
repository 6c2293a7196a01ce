"""The forms of names, templates, mails and promises; what is wrong with them the rules say."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, SelectChoice, SelectField, StringField, TelField, TextAreaField
from wtforms.widgets import DateInput

from app.core.errors import Refusal
from app.core.words import label
from app.customers.rules import Aspect, Source
from app.stakeholders.rules.names import Named
from app.stakeholders.rules.promises import Typed

NOT_CHOSEN = SelectChoice("", "Choose …")


class NameForm(FlaskForm):  # type: ignore[misc]
    """Somebody who was mentioned."""

    name = StringField("Name")
    role = StringField("Role", description="As you would say it: decision maker, power user, technical.")
    email = EmailField("E-mail", description="Leave it empty if you do not know it.")
    phone = TelField("Phone")
    referred_by = SelectField("Who mentioned them", choices=[], validate_choice=False)

    def typed(self) -> Named:
        """What was typed."""
        return Named(self.name.data or "", self.role.data or "", self.email.data or "", self.phone.data or "")


class LetterForm(FlaskForm):  # type: ignore[misc]
    """The mail that asks for names."""

    contact = SelectField("To", choices=[], validate_choice=False)
    subject = StringField("Subject")
    body = TextAreaField("Mail")


class TemplateForm(FlaskForm):  # type: ignore[misc]
    """Whom accounts of a tier should have."""

    tier = StringField("Tier")
    seats = TextAreaField("Who is wanted")


class PromiseForm(FlaskForm):  # type: ignore[misc]
    """What was promised, and what has become of it."""

    text = TextAreaField(
        "What was promised", description="In the words that the customer heard; it is read back to them."
    )
    source = SelectField("Who promised it", choices=[], validate_choice=False)
    aspect = SelectField("Which kind of value", choices=[], validate_choice=False)
    promised_on = StringField("Promised on", widget=DateInput())
    due_on = StringField("To be delivered by", description="Empty where no day was named.", widget=DateInput())
    amount = StringField("Amount of money", description="Where it can be counted in money; else leave it empty.")
    currency = StringField("Currency", description="In three letters; empty is the account’s currency.")
    quantity = StringField("Or a count", description="Where it is counted in something else, such as 300 hours.")
    unit = StringField("Of what", description="What is counted: hours, users, tickets.")
    delivered_on = StringField("All delivered on", description="Empty while it is still owed.", widget=DateInput())
    evidence = TextAreaField("Evidence", description="What shows that it has been delivered.")

    def typed(self) -> Typed:
        """What was typed, whatever it is."""
        return Typed(**{name: self[name].raw_data[0] if self[name].raw_data else "" for name in Typed.__annotations__})


def offer_choices(form: PromiseForm) -> None:
    """Give the lists of a promise their words."""
    form.source.choices = [NOT_CHOSEN, *(SelectChoice(each.value, label(each)) for each in Source)]
    form.aspect.choices = [NOT_CHOSEN, *(SelectChoice(each.value, label(each)) for each in Aspect)]


def show_refusal(form: Any, refusal: Refusal, otherwise: str) -> None:
    """Let a refusal stand at its field, or at another where the form has none of that name."""
    field = refusal.field if refusal.field in form.data else otherwise
    form[field].errors = [refusal.sentence]
