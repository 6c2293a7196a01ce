"""What became of people and accounts, in AAPOR's codes, and the funnel and rates that follow."""

import csv
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from app.studies.rules.dispositions import (
    CONTACTED,
    ORDER,
    OUTCOMES,
    Contacted,
    Disposition,
    Group,
    disposition_of,
    dispositions_of,
    rates_of_counts,
)
from app.studies.rules.funnel import codes_of, legend, line_of, lines_of, rate_lines, tally
from app.studies.rules.quotas import full_strata
from app.studies.rules.silent import Asked, happened, silent_step
from tests.conftest import leave_out


@pytest.mark.parametrize(
    ("contacted", "share", "code"),
    [
        pytest.param(Contacted(), 0.8, "1.1", id="complete"),
        pytest.param(Contacted(has_declined=True), 1.0, "1.1", id="answers-count-before-a-later-no"),
        pytest.param(Contacted(), 0.5, "1.2", id="partial"),
        pytest.param(Contacted(), 0.49, "2.12", id="broke-off"),
        pytest.param(Contacted(has_begun=True), None, "2.12", id="begun-not-sent"),
        pytest.param(Contacted(has_declined=True, has_begun=True), None, "2.112", id="said-no-after-beginning"),
        pytest.param(Contacted(has_declined=True), None, "2.112", id="said-no-after-the-invitation"),
        pytest.param(Contacted(is_undelivered=True), None, "3.30", id="came-back"),
        pytest.param(Contacted(), None, "3.19", id="silent"),
        pytest.param(Contacted(is_invited=False), None, "3.11", id="not-invited"),
        pytest.param(Contacted(is_invited=False, has_declined=True), None, "3.11", id="consent-was-no-from-the-start"),
        pytest.param(Contacted(is_invited=False, is_quota_full=True), None, "4.80", id="quota-full"),
        pytest.param(Contacted(is_quota_full=True), None, "3.19", id="invited-before-the-quota-was-full"),
    ],
)
def test_a_person_has_a_code(contacted: Contacted, share: float | None, code: str) -> None:
    found = disposition_of(contacted, has_response=share is not None, core_share=share)
    assert OUTCOMES[found].code == code


def test_columns_say_what_the_rule_says() -> None:
    cases = list(product(range(len(CONTACTED)), (None, 0.0, 0.3, 0.5, 0.7, 0.8, 1.0)))
    found = dispositions_of(
        np.array([facts for facts, _ in cases]),
        is_heard=np.array([share is not None for _, share in cases]),
        core_share=np.array([1.0 if share is None else share for _, share in cases]),
    )
    for (facts, share), position in zip(cases, found, strict=True):
        rule = disposition_of(CONTACTED[facts], has_response=share is not None, core_share=share)
        assert ORDER[position] is rule


def test_codes_belong_to_the_groups_that_a_call_centre_uses(shared: Path) -> None:
    file = shared / "instruments" / "aapor" / "quexs_outcomes.csv"
    if not file.exists():
        leave_out("The tables of AAPOR's outcomes are not beside this project.")
    with file.open(encoding="utf-8") as lines:
        known = {re.sub("[a-z]$", "", row["aapor_id"]): row["calc"] for row in csv.DictReader(lines)}
    for outcome in OUTCOMES.values():
        if outcome.code in known:
            assert (known[outcome.code] or Group.INELIGIBLE) in {outcome.group, "UH"}, outcome


def test_rates_of_the_published_vector() -> None:
    """The example of R's outcomerate, as far as named persons can have these outcomes."""
    counts = {Disposition.COMPLETE: 5, Disposition.PARTIAL: 3, Disposition.REFUSED: 2, Disposition.NOTHING_RETURNED: 5}
    rates = rates_of_counts(counts)
    assert (rates.rr1, rates.rr2, rates.rr5, rates.rr6) == (5 / 15, 8 / 15, 5 / 10, 8 / 10)


def test_a_line_is_a_partition() -> None:
    line = line_of("x", {each: number for number, each in enumerate(Disposition, start=1)})
    parts = (
        line.complete,
        line.partial,
        line.unfinished,
        line.refused,
        line.called,
        line.undelivered,
        line.silent,
        line.not_invited,
    )
    assert sum(parts) == line.drawn == 120
    assert (line.invited, line.begun, line.unfinished, line.not_invited) == (93, 10, 7, 27)


def test_people_and_accounts_are_tallied() -> None:
    complete, silent = ORDER.index(Disposition.COMPLETE), ORDER.index(Disposition.NOTHING_RETURNED)
    counted = tally([7, 7, 9], ["a", "b", "b"], np.array([silent, complete, silent]), {7: "x", 8: "x", 9: "y"})
    assert counted.accounts == {Disposition.COMPLETE: 1, Disposition.NOT_INVITED: 1, Disposition.NOTHING_RETURNED: 1}
    assert counted.people == {Disposition.COMPLETE: 1, Disposition.NOTHING_RETURNED: 2}
    assert [(line.name, line.drawn) for line in lines_of(counted.people_by_stratum)] == [("x", 2), ("y", 1)]
    assert [(code.code, code.accounts, code.people) for code in codes_of(counted.accounts, counted.people)] == [
        ("1.1", 1, 1),
        ("3.11", 1, 0),
        ("3.19", 1, 2),
    ]


def test_rates_show_what_they_are_made_of() -> None:
    counts = {
        Disposition.COMPLETE: 3,
        Disposition.PARTIAL: 1,
        Disposition.NOTHING_RETURNED: 4,
        Disposition.QUOTA_FULL: 4,
    }
    lines = {line.name: line for line in rate_lines(counts, {})}
    assert (lines["RR1"].accounts_from, lines["RR2"].accounts_from) == ("3 ÷ 8", "4 ÷ 8")
    assert (lines["RR3"].accounts, lines["RR3"].accounts_from) == (0.5, "3 ÷ 6")
    assert (lines["RR6"].accounts, lines["RR6"].people, lines["RR6"].people_from) == (1.0, None, "0 ÷ 0")
    assert dict(legend(counts))["e"] == "D ÷ (D + NE): 0.5"


def test_quotas_are_full_when_enough_accounts_are_heard() -> None:
    heard = [("x", 1), ("x", 1), ("x", 2), ("y", 3)]
    assert full_strata({"x": 2, "y": 2, "z": 0}, heard) == {"x", "z"}
    assert full_strata({}, heard) == frozenset()


@pytest.mark.parametrize(
    ("facts", "step", "done"),
    [
        pytest.param([{"is_undelivered": True, "mails": 1}], "The address is wrong", "1 mail, 1 came back", id="wrong"),
        pytest.param([{"mails": 3}], "3 mails, no answer: call", "3 mails", id="three"),
        pytest.param(
            [{"mails": 1}, {"is_undelivered": True, "mails": 1}], "Remind", "2 mails, 1 came back", id="one-left"
        ),
        pytest.param([{"has_link": True}], "Remind", "", id="link-sent-from-elsewhere"),
        pytest.param([{}], "Send the link", "", id="nothing-done"),
    ],
)
def test_the_next_step_towards_a_silent_account(facts: list[dict[str, bool]], step: str, done: str) -> None:
    plain = {"is_refused": False, "has_begun": False, "has_link": False}
    people = [Asked("Ann", "admin", "survey", **plain | each) for each in facts]  # type: ignore[arg-type]
    assert silent_step(people).startswith(step)
    assert happened(people) == done
