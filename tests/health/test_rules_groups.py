"""What a scorecard may say about groups, exceptions and decay, and that what was published before keeps its hash."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from app.core.documents import canonical_sha256
from app.health.rules.bands import Band
from app.health.rules.groups import Exemption, Group
from app.health.rules.scorecard import parse_scorecard, to_document
from app.health.rules.scores import score_accounts, scores_sha256

USAGE = {"key": "usage", "metric": "active_users", "points": [[0, 0], [1, 100]], "weight": 30}
TICKETS = {"key": "tickets", "metric": "cases.open", "points": [[0, 100], [9, 0]], "weight": 10}
ADOPTION = {"key": "adoption", "name": "Adoption", "weight": 70}
SUPPORT = {"key": "support", "weight": 30}


def grouped(**changes: Any) -> dict[str, Any]:
    measures = [{**USAGE, "group": "adoption"}, {**TICKETS, "group": "support"}]
    return {"key": "default", "measures": measures, "groups": [ADOPTION, SUPPORT], **changes}


def excepted(**exception: Any) -> dict[str, Any]:
    return grouped(exceptions=[exception])


def measured(**changes: Any) -> dict[str, Any]:
    return {"key": "default", "measures": [{**USAGE, **changes}]}


def test_groups_exceptions_decay_and_template_are_read_and_written_back() -> None:
    document = grouped(
        measures=[{**USAGE, "group": "adoption", "half_life_days": 30}, {**TICKETS, "group": "support"}],
        exceptions=[
            {"group": "support", "is": "red", "cap": "amber"},
            {"measure": "usage", "is": "amber", "cap": "red"},
        ],
        template="adoption",
    )
    card = parse_scorecard(document)
    assert card.groups == (Group("adoption", "Adoption", 70), Group("support", "support", 30))
    assert card.exceptions == (
        Exemption(Band.RED, Band.AMBER, group="support"),
        Exemption(Band.AMBER, Band.RED, measure="usage"),
    )
    assert (card.measures[0].half_life_days, card.measures[1].half_life_days) == (30, None)
    assert card.template == "adoption"
    assert to_document(card)["exceptions"] == document["exceptions"]
    assert parse_scorecard(to_document(card)) == card


def test_what_was_published_before_there_were_groups_keeps_its_hash() -> None:
    document = {
        "key": "default", "name": "Default scorecard",
        "measures": [{"key": "usage", "name": "Usage", "metric": "active_users", "aggregate": "last", "window_days": 90,
                      "per": "seats", "points": [[0, 0], [0.5, 50], [0.9, 100]], "weight": 30, "group": "adoption",
                      "tier": "primary"}],
        "bands": {"amber_from": 50, "green_from": 75},
        "lifecycle": {"onboarding": {"bands": {"amber_from": 30, "green_from": 50}}},
    }  # fmt: skip
    digest = canonical_sha256(to_document(parse_scorecard(document)))
    assert digest == "d50a689dd83172f648e93336f9c8af45bc36fbb30f598b35008f6bc1564a6911"


def test_what_was_computed_before_there_was_judgement_keeps_its_hash() -> None:
    csat = {"key": "csat", "metric": "cases.csat", "points": [[1, 0], [5, 100]], "weight": 10}
    card = parse_scorecard({"key": "default", "measures": [USAGE, {**csat, "tier": "secondary", "aggregate": "mean"}]})
    values = np.array([[0.5, 3.0], [np.nan, 4.0], [1.0, np.nan]])
    health = score_accounts(card, values, np.array([1.0, 2.0, 3.0]), [None, None, None])
    digest = scores_sha256(health, [1, 2, 3], "d", date(2026, 3, 31))
    assert digest == "6aecaa7c5e685ddb839b277a43fc834fa7da362ea0ef86c5fd5ff3043b448d41"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        pytest.param(grouped(groups=[{**ADOPTION, "weight": 0}, SUPPORT]), "Group “adoption”: “weight” must", id="0"),
        pytest.param(grouped(groups=[{**ADOPTION, "weight": -1}, SUPPORT]), "“weight” must be above 0", id="below 0"),
        pytest.param(grouped(groups=[{"key": "adoption"}, SUPPORT]), "“adoption”: “weight” is missing", id="no weight"),
        pytest.param(grouped(groups=[{"weight": 1}]), "Group 1: “key” is missing", id="no key"),
        pytest.param(grouped(groups=[ADOPTION, SUPPORT, SUPPORT]), "“support” stands there twice", id="group twice"),
        pytest.param(grouped(groups=[ADOPTION]), "“tickets”: “group” is “support”; .*: adoption", id="unknown group"),
        pytest.param(
            grouped(measures=[USAGE, {**TICKETS, "group": "support"}]), "“usage”: “group” is missing", id="in no group"
        ),
        pytest.param(
            grouped(groups=[ADOPTION, SUPPORT, {"key": "value", "weight": 5}]), "“value” has no measure", id="empty"
        ),
        pytest.param(grouped(groups="adoption"), "“groups” must be a list", id="groups as text"),
        pytest.param(
            grouped(groups=[{**ADOPTION, "colour": 1}]), "“adoption”: .*colour.* is unknown", id="extra field"
        ),
        pytest.param(
            excepted(group="value", **{"is": "red"}, cap="amber"), "Exception 1: .*“value”", id="no such group"
        ),
        pytest.param(excepted(measure="x", **{"is": "red"}, cap="amber"), "no such measure", id="no such measure"),
        pytest.param(excepted(**{"is": "red"}, cap="amber"), "one of the two", id="names nothing"),
        pytest.param(
            excepted(group="support", measure="usage", **{"is": "red"}, cap="amber"), "one of the two", id="names both"
        ),
        pytest.param(excepted(group="support", cap="amber"), "“is” is missing", id="no colour"),
        pytest.param(excepted(group="support", **{"is": "red"}), "“cap” is missing", id="no cap"),
        pytest.param(excepted(group="support", **{"is": "green"}, cap="amber"), "red, amber", id="green"),
        pytest.param(excepted(group="support", **{"is": "red"}, cap="green"), "red, amber", id="no cap at all"),
        pytest.param(excepted(group="support", **{"is": "red"}, cap="pink"), "“cap” is “pink”", id="no colour at all"),
        pytest.param(
            grouped(exceptions=[{"group": "support", "is": "red", "cap": "amber"}] * 2), "“support” twice", id="doubled"
        ),
        pytest.param(measured(half_life_days=0), "“usage”: “half_life_days” must be a whole", id="half-life 0"),
        pytest.param(measured(half_life_days=1.5), "“half_life_days” must be a whole", id="half-life 1.5"),
        pytest.param(measured(metric="cases.open", half_life_days=30), "never stale", id="a count decays"),
        pytest.param(measured(metric="account.margin", half_life_days=30), "never stale", id="a margin decays"),
        pytest.param(measured(metric="account.margn"), "account.margin, account.pipeline_share", id="misspelt margin"),
        pytest.param(measured(metric="account.margin", aggregate="sum"), "the present one", id="sum of a margin"),
        pytest.param(
            measured(metric="account.new_opportunities", aggregate="mean"), "a count already", id="mean of new deals"
        ),
        pytest.param(
            measured(metric="account.new_opportunities", half_life_days=9), "never stale", id="new deals decay"
        ),
        pytest.param({**measured(), "template": "a b"}, "“template” is “a b”", id="template"),
    ],
)
def test_bad_groups_exceptions_and_half_lives_are_refused(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_scorecard(document)
