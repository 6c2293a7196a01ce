"""The reports in the browser: the gap report, the topics behind it, segments, and how well interviews hold."""

from app.reports.views import (
    delivery,
    discussing,
    editions,
    gaps,
    interviewing,
    matching,
    segments,
    silent,
    topics,
    validity,
    words,
)
from app.reports.views.blueprint import blueprint
from app.reports.views.gaps import as_json

__all__ = [
    "as_json",
    "blueprint",
    "delivery",
    "discussing",
    "editions",
    "gaps",
    "interviewing",
    "matching",
    "segments",
    "silent",
    "topics",
    "validity",
    "words",
]
