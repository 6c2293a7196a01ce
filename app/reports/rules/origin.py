"""How accounts came to be asked: drawn, or as things happened there, which is another thing to conclude from."""

from collections.abc import Mapping
from typing import Any

from app.core.display import MISSING
from app.reports.rules.document import Document
from app.studies.rules.triggers import stored_trigger, trigger_words


def not_drawn(document: Document) -> list[str]:
    """That the figures speak for those asked, where accounts joined as things happened; else nothing."""
    return [warning["message"] for warning in document["warnings"] if warning["code"] == "NOT_DRAWN"]


def origin(draw: Mapping[str, Any]) -> str:
    """The draw in one line, or when accounts were asked; empty where Parallax did neither."""
    if draw.get("trigger"):
        return f"not drawn: asked {trigger_words(stored_trigger(draw['trigger']))}"
    if draw.get("seed") is None:
        return ""
    strata = ", ".join(draw.get("strata") or []) or "one stratum"
    return f"{draw.get('method') or 'census'} by {strata}; seed {draw['seed']}, wave {draw.get('wave') or MISSING}"
