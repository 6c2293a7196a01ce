"""Pages of interviews: whom to talk to, the conversation itself, its end, and who holds it."""

from app.interviews.views import (
    assigning,
    closing,
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
    "assigning",
    "blueprint",
    "closing",
    "following",
    "guide",
    "handing_over",
    "index",
    "margin",
    "offline",
    "printing",
    "together",
]
