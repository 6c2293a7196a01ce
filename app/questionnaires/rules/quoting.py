"""How a person's own words may be used: the question that asks it, and what its answers mean."""

PERMISSION = "quote_permission"
"""The question of the built-in interview that asks how words may be used."""

WITHHELD = "none"
"""The answer of those who do not want to be quoted."""

LEVELS = {
    "internal": "quote inside the team only",
    "without_name": "quote without name",
    "with_name": "quote with name",
}
"""Every consent level that allows quoting, in words."""


def is_withheld(*levels: str | None) -> bool:
    """Whether any of the levels that apply to some words, such as the person's and the sentence's own, forbids them."""
    return WITHHELD in levels
