"""Who was drawn, who answered, and the response rates of accounts and people."""

import numpy as np
import pytest

from app.scoring.rules.fieldwork import Fieldwork, fieldwork_figures
from app.studies.rules.dispositions import Disposition, disposition


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(None, Disposition.NOTHING_RETURNED, id="nothing returned"),
        pytest.param(0.0, Disposition.BREAK_OFF, id="opened and left"),
        pytest.param(0.49, Disposition.BREAK_OFF, id="under half"),
        pytest.param(0.5, Disposition.PARTIAL, id="exactly half"),
        pytest.param(0.79, Disposition.PARTIAL, id="under four fifths"),
        pytest.param(0.8, Disposition.COMPLETE, id="exactly four fifths"),
        pytest.param(1.0, Disposition.COMPLETE, id="all"),
    ],
)
def test_disposition_by_share_of_core_items(share: float | None, expected: Disposition) -> None:
    assert disposition(share) is expected


def test_rates_of_accounts_and_people() -> None:
    figures = fieldwork_figures(
        Fieldwork(
            strata=["a", "a", "b"],
            stratum_sizes={"a": 10, "b": 5},
            arr=np.array([100.0, 300.0, np.nan]),
            account=np.array([0, 0, 1, 2]),
            role=np.array([0, 1, 0, 0]),
            roles=["admin", "champion"],
            modes=np.array(["survey", "interview", "survey", "survey"]),
            has_response=np.array([True, True, True, False]),
            core_share=np.array([1.0, 0.6, 0.2, np.nan]),
        )
    )
    assert (figures["drawn"], figures["responded"]) == (3, 2)
    assert figures["people"] == {"drawn": 4, "responded": 3}
    assert figures["response_rates"]["rr1"] == pytest.approx(1 / 3)
    assert figures["response_rates"]["people"]["rr1"] == pytest.approx(1 / 4)
    assert figures["response_rates"]["accounts_by_arr"]["rr1"] == pytest.approx(100 / 400)
    assert figures["by_stratum"][0] == {"stratum": "a", "size": 10, "drawn": 2, "responded": 2}
    assert figures["by_role"][0] == {"role": "admin", "drawn": 3, "responded": 2, "accounts": 2}
    assert {row["mode"]: row["responded"] for row in figures["by_mode"]} == {"interview": 1, "survey": 2}


def test_nobody_drawn_has_no_rate() -> None:
    nothing = np.array([], dtype=np.int64)
    figures = fieldwork_figures(
        Fieldwork(
            strata=[],
            stratum_sizes={},
            arr=nothing.astype(float),
            account=nothing,
            role=nothing,
            roles=[],
            modes=nothing.astype(str),
            has_response=nothing.astype(bool),
            core_share=nothing.astype(float),
        )
    )
    assert figures["response_rates"]["rr1"] is None
