"""What the sample's CSMs say that their accounts take of a week, and how hard the outcomes are."""

from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.streams import stream

Typed = tuple[str, str]
"""A share of the week and a complexity, as a form sends them."""


def efforts(accounts: tuple[Profile, ...], seed: int) -> dict[str, Typed]:
    """What is said at first, by account: few take much, and nothing is said of some."""
    known = showcase(accounts)
    found = {profile.account_id: _said(profile, seed, is_known=profile.account_id in known) for profile in accounts}
    return {account: said for account, said in found.items() if said != ("", "")}


def later(accounts: tuple[Profile, ...], seed: int) -> dict[str, Typed]:
    """What is said a fortnight later where it has changed."""
    found: dict[str, Typed] = {}
    for account, (share, complexity) in efforts(accounts, seed).items():
        chance = stream(seed, "effort later", account)
        if share and chance.random() < 0.08:
            found[account] = (str(int(float(share)) + 1), complexity)
    return found


def _said(profile: Profile, seed: int, *, is_known: bool) -> Typed:
    chance = stream(seed, "effort", profile.account_id)
    kind = chance.random()
    if kind < 0.05:
        return str(chance.randint(10, 13)), chance.choice(("5", "4", "2", "1", "3"))
    if kind < 0.14:
        return str(chance.randint(5, 7)), chance.choice(("4", "3", "3", "2", "na"))
    if kind < 0.82 or is_known:
        return f"{chance.randint(2, 9) / 10}", chance.choice(("1", "2", "2", "3", "3", "4", "na", ""))
    return "", ""
