"""The first steps of a workspace: what is done, and what comes next."""

from dataclasses import dataclass

from app.core.words import capital, in_words, plural


@dataclass(frozen=True)
class Done:
    """What there is already."""

    accounts: bool
    contacts: bool
    scorecard: bool
    study: bool
    drawn: bool


@dataclass(frozen=True)
class StepLine:
    """A step: what it is, what it brings, and where it is done, as the name of an endpoint."""

    what: str
    why: str
    page: str
    does: str
    is_done: bool
    is_next: bool


STEPS = (
    (
        "accounts",
        "Bring in the accounts",
        "A CSV file of who your customers are.",
        "transfer.uploads",
        "Import your accounts",
    ),
    ("contacts", "Bring in the people there", "Whom a study may ask.", "transfer.uploads", "Import contacts"),
    (
        "scorecard",
        "Say how health is computed",
        "From telemetry that you import.",
        "health.scorecards",
        "Publish a scorecard",
    ),
    ("study", "Plan a study", "Whom to ask what, and when.", "studies.new", "Create a study"),
    ("drawn", "Draw its accounts", "See what it gives, then draw.", "studies.index", "See your studies"),
)


def step_lines(done: Done) -> list[StepLine]:
    """Every step in order; the first that is not done comes next."""
    following = next((name for name, *_ in STEPS if not getattr(done, name)), None)
    return [
        StepLine(what, why, page, does, is_done=getattr(done, name), is_next=name == following)
        for name, what, why, page, does in STEPS
    ]


def steps_title(lines: list[StepLine]) -> str:
    """How far the workspace has come."""
    done = sum(line.is_done for line in lines)
    if done == len(lines):
        return "The study is out: its gap report stands here once answers are scored"
    if not done:
        return f"{capital(in_words(len(lines)))} steps lead to the first gap report"
    so_far = f"{capital(in_words(done))} of {in_words(len(lines))} steps to the first gap report"
    return f"{so_far} {plural(done, 'is')} done"
