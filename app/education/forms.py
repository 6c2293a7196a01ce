"""The form of what is known of an account's education; what is wrong with it the rules say."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.core.display import number
from app.core.errors import Refusal
from app.education.models import EducationRecord
from app.education.rules.records import Included, Typed, share_of

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
    if record is None:
        form = EducationForm()
    else:
        facts = {name: _text(getattr(record, name)) for name in Typed.__annotations__}
        facts["share"] = _share(record)
        form = EducationForm(data=facts)
    form.included.choices = [
        SelectChoice("", "Choose …"),
        *(SelectChoice(value.value, words) for value, words in INCLUDED.items()),
    ]
    return form


def _share(record: EducationRecord) -> str:
    """The share as it was typed; what people and seats tell stays empty, so that it follows them when they change."""
    if record.share is None or record.share == share_of(record.people, record.seats):
        return ""
    return _text(round(record.share * 100, 2))


def show_refusal(form: Any, refusal: Refusal) -> None:
    """Let a refusal stand at its field, or at the first where the form has none of that name."""
    form[refusal.field if refusal.field in form.data else "included"].errors = [refusal.sentence]


def _text(value: Any) -> str:
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 2).replace(",", "")
    return "" if value is None else str(value)
