"""Counts, lists and labels as people write them."""

import pytest

from app.reports.rules.words import capital, counted, in_words, label, listed, plural, shortened, stratum_label


@pytest.mark.parametrize(
    ("said", "text"),
    [
        pytest.param(in_words(0), "no", id="none"),
        pytest.param(in_words(9), "nine", id="below ten in words"),
        pytest.param(in_words(10), "10", id="from ten in figures"),
        pytest.param(in_words(3527), "3,527", id="grouped"),
        pytest.param(counted(1, "account"), "one account", id="singular"),
        pytest.param(counted(2, "person"), "two people", id="irregular plural"),
        pytest.param(plural(1, "is"), "is", id="verb, singular"),
        pytest.param(plural(0, "has"), "have", id="verb, none"),
        pytest.param(capital("iPad sells"), "IPad sells", id="capital"),
        pytest.param(capital(""), "", id="nothing to capitalise"),
        pytest.param(listed([]), "", id="empty list"),
        pytest.param(listed(["a"]), "a", id="list of one"),
        pytest.param(listed(["a", "b", "c"]), "a, b and c", id="list of three"),
        pytest.param(label("decision_maker"), "Decision maker", id="role"),
        pytest.param(label("nps_score"), "NPS score", id="acronym"),
        pytest.param(label(""), "Not named", id="no key"),
        pytest.param(stratum_label("without ARR"), "Without known revenue", id="PPS, no size"),
        pytest.param(stratum_label("Enterprise | EMEA"), "Enterprise · EMEA", id="two strata"),
        pytest.param(stratum_label("Enterprise | "), "Enterprise · not given", id="a value missing"),
        pytest.param(stratum_label("all"), "All accounts", id="one stratum"),
        pytest.param(stratum_label(""), "All accounts", id="unnamed stratum"),
        pytest.param(stratum_label("certainty"), "Certainty picks", id="certainty stratum"),
        pytest.param(stratum_label("\\certainty"), "certainty", id="a segment of that name"),
        pytest.param(shortened("a  short\n text", 20), "a short text", id="spaces are folded"),
        pytest.param(
            shortened("My board asks what came of it, always", 30), "My board asks what came of…", id="at a word"
        ),
        pytest.param(shortened("x" * 50, 10), "x" * 9 + "…", id="one long word"),
    ],
)
def test_words(said: str, text: str) -> None:
    assert said == text
