"""Pages of interviews: whom to talk to, the conversation itself, its end, and who holds it."""

from app.interviews.views import (
    assigning,
    brief,
    closing,
    coding,
    following,
    guide,
    handing_over,
    index,
    joining,
    predicting,
    thanking,
)
from app.interviews.views.blueprint import blueprint

__all__ = [
    "assigning",
    "blueprint",
    "brief",
    "closing",
    "coding",
    "following",
    "guide",
    "handing_over",
    "index",
    "joining",
    "predicting",
    "thanking",
]
