"""What the form of a playbook sends."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.playbooks.rules.definition import proposed

LISTS = ("signs", "tiers")


def typed_in(form: "MultiDict[str, str]") -> dict[str, Any]:
    """Return a playbook as it was typed; a field that was not sent is empty."""
    plain: dict[str, Any] = {name: form.get(name, "") for name in proposed() if name not in LISTS}
    return plain | {name: form.getlist(name) for name in LISTS}
