"""The reports in the browser: the gap report, the topics behind it, segments, and how well interviews hold."""

from app.reports.views import (
    choosing,
    delivery,
    discussing,
    editions,
    gaps,
    interviewing,
    matching,
    segments,
    silent,
    tables,
    topics,
    validity,
    words,
)
from app.reports.views.blueprint import blueprint
from app.reports.views.gaps import as_json

__all__ = [
    "as_json",
    "blueprint",
    "choosing",
    "delivery",
    "discussing",
    "editions",
    "gaps",
    "interviewing",
    "matching",
    "segments",
    "silent",
    "tables",
    "topics",
    "validity",
    "words",
]
