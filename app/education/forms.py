"""The form of what is known of an account's education; what is wrong with it the rules say."""

from dataclasses import asdict
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.core.errors import Refusal
from app.education.models import EducationRecord
from app.education.queries import known_of
from app.education.rules.records import Included, Typed, typed_of

INCLUDED = {Included.YES: "Yes", Included.NO: "No", Included.UNKNOWN: "Not known"}


class EducationForm(FlaskForm):  # type: ignore[misc]
    """What the deal included, and what was taken of it."""

    included = SelectField("Did the deal include education?", choices=[], validate_choice=False)
    what = TextAreaField("What it included", description="Courses, sessions, certificates.")
    hours = StringField("Hours", description="Empty if nobody counted them.")
    seats = StringField("Seats", description="For how many people it was meant.")
    taken_on = StringField(
        "Taken on", description="The last day of it so far. Empty while nobody has taken it.", widget=DateInput()
    )
    takers = StringField("Who took it", description="Teams or roles; names of persons do not belong here.")
    people = StringField("How many people")
    share = StringField("Share of those meant to, in %", description="Empty where the people among the seats tell it.")

    def typed(self) -> Typed:
        """What was typed, whatever it is."""
        return Typed(**{name: self[name].raw_data[0] if self[name].raw_data else "" for name in Typed.__annotations__})


def form_of(record: EducationRecord | None) -> EducationForm:
    """Return the form as what is on record fills it."""
    form = EducationForm() if record is None else EducationForm(data=asdict(typed_of(known_of(record))))
    form.included.choices = [
        SelectChoice("", "Choose …"),
        *(SelectChoice(value.value, words) for value, words in INCLUDED.items()),
    ]
    return form


def show_refusal(form: Any, refusal: Refusal) -> None:
    """Let a refusal stand at its field, or at the first where the form has none of that name."""
    form[refusal.field if refusal.field in form.data else "included"].errors = [refusal.sentence]
