"""Pages of interviews: whom to talk to and when, the conversation itself, its end, and who holds it."""

from app.interviews.views import (
    appointments,
    assigning,
    calls,
    closing,
    day,
    following,
    guide,
    handing_over,
    index,
    margin,
    offline,
    printing,
    together,
)
from app.interviews.views.blueprint import blueprint

__all__ = [
    "appointments",
    "assigning",
    "blueprint",
    "calls",
    "closing",
    "day",
    "following",
    "guide",
    "handing_over",
    "index",
    "margin",
    "offline",
    "printing",
    "together",
]
