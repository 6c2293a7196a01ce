"""Which kinds of judgement the workspace uses, how fast they age, and what the numbers of the matrix mean."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.pulse.queries import pulse_settings
from app.pulse.rules.page import TOPICS
from app.pulse.rules.settings import ANCHORS, FIELDS, SWITCHES
from app.pulse.services.rounds import change_pulse_settings
from app.users.policy import Permission, access, current_scope


@access(Permission.STUDIES)
def settings() -> ResponseReturnValue:
    """Show what the workspace chose."""
    return page()


@access(Permission.STUDIES)
def keep_settings() -> ResponseReturnValue:
    """Store what the workspace chooses, or show the form again with what is wrong."""
    try:
        change_pulse_settings(db.session, typed=request.form, at=now(), by=current_scope().user_id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        return page({refusal.field or "attribute": refusal.sentence}), 400
    flash("The settings of judgement are stored.")
    return redirect(url_for("pulse.settings"), code=303)


def page(problems: dict[str, str] | None = None) -> str:
    """Return the page of the settings, as they stand or as they were typed and refused."""
    stored = pulse_settings(db.session)
    typed = dict(request.form) if problems else {}
    plain = {"half_life_days": stored.half_life_days, "stale_days": stored.stale_days, "attribute": stored.attribute}
    shown = {name: str(typed.get(name, value)) for name, value in plain.items()}
    return render_template(
        "pulse/settings.html",
        switches=[
            (name, words, (name in typed) if problems else getattr(stored, name)) for name, words in SWITCHES.items()
        ],
        shown=shown | {"without": typed.get("without", "\n".join(stored.without))},
        fields=FIELDS,
        topics=[
            (
                name,
                [
                    (f"rubric-{key}-{number}", number, typed.get(f"rubric-{key}-{number}", stored.meaning(key, number)))
                    for number in ANCHORS
                ],
            )
            for key, name in TOPICS.items()
        ],
        problems=problems or {},
    )


PAGES: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    ("/settings/pulse", "settings", settings, "GET"),
    ("/settings/pulse", "keep_settings", keep_settings, "POST"),
)
