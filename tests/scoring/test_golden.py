"""Every golden case of the folder, held to all that it expects and to all that was printed."""

import pytest

from tests.conftest import leave_out
from tests.golden import Golden, golden_cases
from tests.scoring.golden_methods import ADAPTERS

CASES = golden_cases()


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.name} [{case.source}]") for case in CASES])
def test_a_published_example(case: Golden) -> None:
    assert case.method in ADAPTERS, f"No adapter in golden_methods knows the method {case.method!r} of {case.name}."
    case.check_all(ADAPTERS[case.method](case))


def test_the_folder_has_cases() -> None:
    if not CASES:
        leave_out("The folder ../shared with golden truths and real files is not on this machine.")
    assert len({case.name for case in CASES}) == len(CASES)
