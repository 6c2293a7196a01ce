"""The rows of the accounts file."""

from app.sample.rules.profiles import Profile
from app.sample.rules.relationships import PRODUCT_LINES
from app.sample.rules.stories import Story
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = (
    "account_id", "name", "status", "segment", "industry", "tier", "lifecycle_stage", "country", "city", "arr",
    "currency", "cost", "pipeline", "seats", "start_date", "renewal_date", "term_months", "plan", "csm_email", "tags",
    "region", "product_line", "comments", "one_time_revenue",
)  # fmt: skip
_PLANS = {"Enterprise": "Complete", "Mid-market": "Professional", "Small": "Essential"}
_TAGS = ("reference", "pilot group", "multi-site", "partner-led", "advisory board")
_COMMENTS = {
    Story.PROMISE_UNKEPT: "Their board asks what became of the saving",
    Story.SPONSOR_LEFT: "New head of operations since summer",
    Story.LOCKED_IN: "Looks at offers of others",
    Story.THRIVING: "Would speak at our meeting of customers",
}
_INTERVIEWERS = ("csm@sample.parallax.test", "csm2@sample.parallax.test")


def accounts_table(accounts: tuple[Profile, ...], seed: int) -> Table:
    """One row per account; from region on they are custom fields."""
    strategic = {profile.account_id for profile in sorted(accounts, key=lambda profile: -profile.arr)[:18]}
    return Table(
        HEADER, tuple(_row(profile, seed, is_strategic=profile.account_id in strategic) for profile in accounts)
    )


def _row(profile: Profile, seed: int, *, is_strategic: bool) -> tuple[str, ...]:
    chance = stream(seed, "account", profile.account_id)
    return (
        profile.account_id,
        profile.name,
        "active",
        profile.segment,
        profile.industry,
        "Tier 1" if is_strategic else {"Small": "Tier 3"}.get(profile.segment, "Tier 2"),
        chance.choice(("adopting", "established", "established", "expanding")),
        profile.place.country,
        profile.place.city,
        str(profile.arr),
        "EUR",
        str(round(profile.arr * chance.uniform(0.12, 0.31))),
        str(round(profile.arr * chance.uniform(0.0005, 0.004)) * 100) if chance.random() < 0.3 else "0",
        str(profile.seats),
        profile.start_on.isoformat(),
        profile.renewal_on.isoformat(),
        str(profile.term_months),
        _PLANS[profile.segment],
        chance.choice(_INTERVIEWERS),
        ";".join(sorted(chance.sample(_TAGS, chance.choice((0, 0, 1, 1, 2))))),
        profile.place.region,
        chance.choice(PRODUCT_LINES),
        _COMMENTS.get(profile.story, "") if is_strategic else "",
        str(profile.seats * 25) if is_strategic else "",
    )
