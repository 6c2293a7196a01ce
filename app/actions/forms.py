"""What the forms of actions send."""

from collections.abc import Mapping

from app.actions.rules import Typed
from app.actions.rules.kinds import Kind


def typed_in(form: Mapping[str, str]) -> Typed:
    """Return an action as it was typed."""
    return Typed(
        title=form.get("title", ""),
        owner=form.get("owner", ""),
        due_on=form.get("due_on", ""),
        is_promised=form.get("is_promised", "") == "1",
        kind=form.get("kind", Kind.TASK.value),
        reason=form.get("reason", ""),
        about=form.get("about", ""),
        relationship=form.get("relationship", ""),
    )
