"""Golden cases: published worked examples from the folder beside the project, and how results are held to them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Golden:
    """One published example: its data, what must come out, and how exactly."""

    name: str
    data: dict[str, Any]
    expected: dict[str, Any]
    relative: float
    absolute: float

    def check(self, **actual: Any) -> None:
        """Hold each named result to the expected field of that name."""
        for field, result in actual.items():
            self.compare(field, result, self.expected[field])

    def compare(self, path: str, actual: Any, expected: Any) -> None:
        """|x − expected| ≤ abs + rel·|expected|, entry by entry; null stays null, words stay words."""
        if isinstance(expected, list):
            assert len(actual) == len(expected), f"{self.name}: {path} has {len(actual)} entries"
            for i, (one, other) in enumerate(zip(actual, expected, strict=True)):
                self.compare(f"{path}[{i}]", one, other)
        elif expected is None or isinstance(expected, str):
            assert actual == expected, f"{self.name}: {path}"
        else:
            assert actual is not None, f"{self.name}: {path} is missing"
            margin = self.absolute + self.relative * abs(expected)
            assert abs(actual - expected) <= margin, f"{self.name}: {path} is {actual}, not {expected}"


def golden(shared: Path, name: str) -> Golden:
    """The golden case of that name."""
    case = json.loads((shared / "golden" / f"{name}.json").read_text(encoding="utf-8"))
    tolerance = case["tolerance"]
    return Golden(name, case["data"], case["expected"], tolerance.get("rel", 0.0), tolerance.get("abs", 0.0))
