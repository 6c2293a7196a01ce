"""The forms of overlays; what is wrong with them the rules say."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.core.errors import Refusal
from app.core.words import capital
from app.overlays.rules.levels import WORDS, Level, level_words
from app.overlays.rules.typed import TypedChange, TypedOverlay


class OverlayForm(FlaskForm):  # type: ignore[misc]
    """A situation with its name and days."""

    name = StringField("Name", description="What everybody calls it, such as “Pandemic” or “Chip shortage”.")
    description = TextAreaField("What it is about", description="What happens, and whom it meets.")
    starts_on = StringField("First day", description="May lie ahead, where it is planned.", widget=DateInput())
    ends_on = StringField(
        "Last day",
        description="Choose a day even if nobody knows the end: you can move it. Left empty, it goes on.",
        widget=DateInput(),
    )

    def typed(self) -> TypedOverlay:
        """What was typed, whatever it is."""
        return TypedOverlay(**_raw(self, TypedOverlay))


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """What a CSM says of one account."""

    level = SelectField("How hard it meets this account", choices=[], validate_choice=False)
    reason = TextAreaField("Reason", description="What you saw or heard. Name roles, not persons.")
    concessions = TextAreaField("Concessions", description="What was granted for a while; leave it empty if nothing.")
    amount = StringField("What the concessions come to")
    billing = TextAreaField("Changes in billing", description="Payment deferred, another rhythm, a pause.")

    def typed(self) -> TypedChange:
        """What was typed, whatever it is."""
        return TypedChange(**_raw(self, TypedChange))


def offer_levels(form: ChangeForm, industry_level: Level | None, currency: str | None) -> None:
    """Give the list of levels its words, and say in which currency amounts are."""
    as_industry = SelectChoice("", f"As its industry: {level_words(industry_level)}")
    form.level.choices = [as_industry, *(SelectChoice(each.value, capital(WORDS[each])) for each in Level)]
    form.amount.description = f"In {currency}, the currency of this workspace." if currency else "A plain number."


def show_refusal(form: Any, refusal: Refusal, otherwise: str) -> None:
    """Let a refusal stand at its field, or at another where the form has none of that name."""
    field = refusal.field if refusal.field in form.data else otherwise
    form[field].errors = [refusal.sentence]


def _raw(form: FlaskForm, typed: type[TypedOverlay | TypedChange]) -> dict[str, str]:
    return {name: form[name].raw_data[0] if form[name].raw_data else "" for name in typed.__annotations__}
