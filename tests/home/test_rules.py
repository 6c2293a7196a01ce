"""Home's panels as pure values: who gets which, and how each is worded."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.home.rules.accounts import accounts_panel, renewals_title
from app.home.rules.calls import calls_title, to_call
from app.home.rules.duties import due_title, promises_title
from app.home.rules.gaps import hidden_risk, since
from app.home.rules.panels import Panel, panels
from app.home.rules.steps import Done, step_lines, steps_title
from app.home.rules.studies import StudyFacts, study_line
from app.home.rules.system import State, SystemFacts, import_line, size, state_lines, system_title
from app.home.rules.title import NO_ACCOUNT, NO_STUDY, title_of
from app.users.rules import Role, Scope

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
TODAY = NOON.date()


def scope_of(*roles: Role) -> Scope:
    return Scope(1, "a@b.test", "A", frozenset(roles))


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        pytest.param([Role.LEADER], ["gaps", "studies", "due", "steps"], id="leader"),
        pytest.param([Role.CSM], ["accounts", "calls", "due", "promises"], id="csm"),
        pytest.param([Role.VIEWER], ["gaps", "studies"], id="viewer"),
        pytest.param([Role.ADMIN], ["system", "imports", "studies", "steps"], id="admin"),
        pytest.param([], [], id="no role, nothing"),
    ],
)
def test_each_role_gets_its_panels(roles: list[Role], expected: list[str]) -> None:
    assert list(panels(scope_of(*roles))) == expected


def test_somebody_with_several_roles_sees_each_panel_as_its_roles_do() -> None:
    found = panels(scope_of(Role.LEADER, Role.CSM))
    assert set(found) == {*panels(scope_of(Role.LEADER)), *panels(scope_of(Role.CSM))}
    assert found[Panel.ACCOUNTS].roles == {Role.CSM}
    assert found[Panel.GAPS].roles == {Role.LEADER}
    assert found[Panel.DUE].roles == {Role.LEADER, Role.CSM}


def gaps_of(accounts: int, arr: float | None, confirmed: int = 0, probable: int = 0) -> dict[str, Any]:
    risk = {"accounts": accounts, "arr": arr, "confirmed": confirmed, "probable": probable}
    return {"hidden_risk": risk, "agreement": {"n": 46}, "currency": "EUR"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(gaps_of(9, 2_290_000, 6, 1), ("€2.29 m", "9 accounts", "6 confirmed, 1 probable"), id="flagged"),
        pytest.param(
            gaps_of(1, 90_000), ("€90 k", "1 account", "none of them confirmed or probable"), id="chance may explain it"
        ),
        pytest.param(gaps_of(2, None, 2), ("2 accounts", "", "2 confirmed"), id="no money known"),
        pytest.param(gaps_of(0, 0.0), ("None", "", "among 46 accounts compared"), id="none"),
    ],
)
def test_hidden_risk_says_how_sure_it_is(document: dict[str, Any], expected: tuple[str, str, str]) -> None:
    stat = hidden_risk(document)
    assert tuple(text.replace("\xa0", " ") for text in (stat.value, stat.small, stat.basis)) == expected


@pytest.mark.parametrize(
    ("edition", "changes", "title", "lines"),
    [
        pytest.param(None, None, "No edition is published yet", 0, id="before the first"),
        pytest.param(2, [], "No figure differs from edition 2 of 14 May 2026.", 0, id="nothing changed"),
        pytest.param(2, ["NPS is +7."], "Against edition 2 of 14 May 2026", 1, id="changed"),
        pytest.param(2, None, "Edition 2 of 14 May 2026 is not what was published", 0, id="meddled with"),
    ],
)
def test_what_changed_has_words_for_each_case(
    edition: int | None, changes: list[str] | None, title: str, lines: int
) -> None:
    found = since(edition, NOON if edition else None, changes)
    assert found.title.replace("\xa0", " ").startswith(title)
    assert len(found.changes) == lines


STUDY = StudyFacts(
    key="spring",
    name="Spring",
    opens_on=date(2026, 5, 1),
    closes_on=date(2026, 5, 22),
    closed_on=None,
    drawn_at=NOON,
    scored_at=NOON,
    is_anonymous=False,
    is_triggered=False,
    drawn=60,
    heard=45,
    answers=0,
    rr1_accounts=0.75,
    rr1_people=0.5,
)


def test_a_scored_study_leads_to_its_report() -> None:
    line = study_line(STUDY, TODAY, runs=True)
    assert (line.finding, line.share, line.silent) == (
        "45 of 60 accounts have answered",
        "75.0%",
        "15\xa0accounts silent",
    )
    assert line.rates.replace("\xa0", " ") == "RR1 75 % of accounts, 50 % of people"
    assert (line.page, line.waits_for) == ("reports.gaps", "")
    assert line.period.replace("\xa0", " ") == "Open until 22 May 2026, 8 days left"


@pytest.mark.parametrize(
    ("changed", "runs", "expected"),
    [
        pytest.param({"drawn_at": None}, True, ("Not drawn yet", "See what it gives and draw"), id="not drawn"),
        pytest.param({"heard": 0}, True, ("Waiting for answers", "See who is silent"), id="waits"),
        pytest.param({"heard": 0}, False, ("Waiting for answers", "See how far it is"), id="only to read"),
        pytest.param({}, True, ("Answers are in, not scored yet", "Score the answers"), id="to score"),
    ],
)
def test_a_study_says_what_it_waits_for(changed: dict[str, Any], runs: bool, expected: tuple[str, str]) -> None:
    line = study_line(replace(STUDY, scored_at=None, rr1_accounts=None, **changed), TODAY, runs=runs)
    assert (line.waits_for, line.does) == expected
    assert line.page == "studies.show"
    assert line.rates == ""


def test_an_anonymous_study_counts_answers_and_nobody_silent() -> None:
    line = study_line(replace(STUDY, is_anonymous=True, answers=12, scored_at=None), TODAY, runs=True)
    assert (line.finding, line.share, line.silent) == ("12 anonymous answers so far", "", "")
    closed = study_line(replace(STUDY, is_anonymous=True, answers=12, closed_on=TODAY), TODAY, runs=True)
    assert closed.page == "reports.segments"


@pytest.mark.parametrize(
    ("late", "soon", "expected"),
    [
        (0, 0, "No follow-up is due within 7 days"),
        (1, 0, "One follow-up late"),
        (2, 3, "Two follow-ups late, three due within 7 days"),
        (0, 1, "One follow-up due within 7 days"),
    ],
)
def test_what_is_due(late: int, soon: int, expected: str) -> None:
    assert due_title(late, soon) == expected


def test_counts_read_as_people_write_them() -> None:
    assert promises_title(0) == "No promise is owed"
    assert promises_title(1) == "One promise still owed"
    assert renewals_title(0) == "No renewal within 90 days"
    assert renewals_title(1) == "One account renews within 90 days"
    assert renewals_title(12) == "12 accounts renew within 90 days"


@pytest.mark.parametrize(
    ("meetings", "ready", "left", "title", "words"),
    [
        (0, 0, 0, "No appointment today, nobody to call now", "Nobody is left to call"),
        (1, 0, 3, "One appointment today, nobody to call now", "Three people to reach, none of them at work now."),
        (2, 1, 4, "Two appointments today, one to call now", "One person at work now, of four still to reach."),
    ],
)
def test_what_the_day_holds(meetings: int, ready: int, left: int, title: str, words: str) -> None:
    assert calls_title(meetings, ready) == title
    assert to_call(ready, left).startswith(words)


FACTS = SystemFacts(
    database="SQLite",
    database_bytes=84_000_000,
    free_bytes=50 * 10**9,
    worker="running",
    worker_seen_at=NOON,
    rung=0,
    unscored=0,
    mails_due=0,
    mails_failed=0,
    mail_host="smtp.example.test",
    health_as_of=TODAY,
    people=4,
    without_factor=0,
    must_have=0,
    version="0.6.0",
)


def test_a_system_in_order_says_so() -> None:
    lines = state_lines(FACTS)
    assert system_title(lines) == "Everything runs"
    assert {line.state for line in lines} == {State.FINE}


@pytest.mark.parametrize(
    ("changed", "name", "state", "words"),
    [
        pytest.param({"worker": "silent"}, "Worker", State.FAULT, "Last seen 14 May 2026, 12:00 UTC", id="silent"),
        pytest.param({"worker": "never", "worker_seen_at": None}, "Worker", State.FAULT, "Never seen here", id="never"),
        pytest.param({"rung": None}, "Jobs", State.FAULT, "The queue does not answer", id="no queue"),
        pytest.param({"rung": 500}, "Jobs", State.LOOK, "500 jobs rung and not begun.", id="behind"),
        pytest.param(
            {"unscored": 3, "mails_due": 1}, "Jobs", State.FINE, "Three changes of answers to score, one mail to send",
            id="waits",
        ),
        pytest.param({"mail_host": None}, "Mail", State.LOOK, "No mail leaves this machine", id="no mail server"),
        pytest.param({"mails_failed": 2}, "Mail", State.LOOK, "Two mails given up within 7 days.", id="failed mails"),
        pytest.param({"free_bytes": 10**9}, "Disk", State.FAULT, "1.0 GB free", id="full disk"),
        pytest.param({"free_bytes": None}, "Disk", State.LOOK, "cannot be measured", id="no disk"),
        pytest.param({"health_as_of": None}, "Health", State.LOOK, "Not computed yet", id="no health"),
        pytest.param({"without_factor": 2}, "People", State.LOOK, "Two without a second factor.", id="no factor"),
        pytest.param(
            {"without_factor": 2, "must_have": 1}, "People", State.LOOK, "One of them must set it up", id="bound to"
        ),
    ],
)  # fmt: skip
def test_each_part_says_what_is_wrong(changed: dict[str, Any], name: str, state: State, words: str) -> None:
    lines = state_lines(replace(FACTS, **changed))
    line = next(each for each in lines if each.name == name)
    assert line.state is state
    assert words in f"{line.value} {line.note}".replace("\xa0", " ")
    others = {each.state for each in lines if each.name != name}
    assert others == {State.FINE}
    assert (system_title(lines) == "Everything runs") is (state is State.FINE)


def test_faults_are_counted_before_what_is_to_be_looked_at() -> None:
    assert system_title(state_lines(replace(FACTS, rung=None, mail_host=None))) == "One part of the system is at fault"
    assert system_title(state_lines(replace(FACTS, mail_host=None))) == "Everything runs; one thing is to be looked at"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ""), (512, "512 bytes"), (84_200_000, "84 MB"), (2_140_000_000, "2.1 GB"), (31 * 10**12, "31 TB")],
)
def test_sizes(value: int | None, expected: str) -> None:
    assert size(value).replace("\xa0", " ") == expected


def test_an_import_names_its_rows_and_its_person() -> None:
    line = import_line("accounts", {"rows": 1200, "created": 1190, "updated": 10}, NOON, None)
    assert line.title.replace("\xa0", " ") == "Accounts · 1,200 rows: 1,190 new, 10 changed"
    assert line.about.endswith("by command")
    assert import_line("accounts", {"rows": 1}, NOON, "Ada").about.endswith("Ada")


@pytest.mark.parametrize(
    ("done", "title", "following"),
    [
        pytest.param(0, "Five steps lead to the first gap report", "accounts", id="nothing yet"),
        pytest.param(1, "One of five steps to the first gap report is done", "contacts", id="one"),
        pytest.param(3, "Three of five steps to the first gap report are done", "study", id="some"),
        pytest.param(5, "The study is out", None, id="all"),
    ],
)
def test_the_first_steps(done: int, title: str, following: str | None) -> None:
    lines = step_lines(Done(*(place < done for place in range(5))))
    assert steps_title(lines).startswith(title)
    assert sum(line.is_done for line in lines) == done
    names = ("accounts", "contacts", "scorecard", "study", "drawn")
    assert [name for name, line in zip(names, lines, strict=True) if line.is_next] == ([following] if following else [])


def test_a_page_without_anything_to_say_says_when_there_will_be() -> None:
    counts: Any = dict.fromkeys(("all", "heard", "hidden_risk", "silent", "renews"), 0)
    nothing = accounts_panel(counts, [], [])
    assert title_of({"accounts": nothing, "calls": None}) == NO_ACCOUNT
    assert title_of({"gaps": None, "studies": []}) == NO_STUDY
    assert title_of({}) == NO_STUDY
