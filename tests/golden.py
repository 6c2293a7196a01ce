"""Golden cases: published worked examples from the folder beside the project, and how results are held to them."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "golden"
_NOISE = 1e-9  # Relative; a published figure "exact to 0 digits" is still compared as a floating-point number.


@dataclass(frozen=True)
class Golden:
    """One published example: its data, what must come out, and how exactly."""

    name: str
    data: dict[str, Any]
    expected: dict[str, Any]
    relative: float
    absolute: float
    source: str = ""
    method: str = ""
    published: dict[str, Any] = field(default_factory=dict)

    def check(self, **actual: Any) -> None:
        """Hold each named result to the expected field of that name."""
        for name, result in actual.items():
            self.compare(name, result, self.expected[name])

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

    def check_all(self, results: dict[str, Any]) -> None:
        """Hold the results to every expected field, and to what was printed within its rounding."""
        missing = sorted((set(self.expected) | set(self.published)) - set(results))
        assert not missing, f"{self.name}: nothing computes {', '.join(missing)}"
        self.check(**{name: results[name] for name in self.expected})
        for name, printed in self.published.items():
            ours, theirs = list(_flat(results[name])), list(_flat(printed["value"]))
            assert len(ours) == len(theirs), f"{self.name}: {name} has {len(ours)} entries, printed are {len(theirs)}"
            for one, other in zip(ours, theirs, strict=True):
                margin = printed["round"] + _NOISE * abs(other)
                assert abs(one - other) <= margin, f"{self.name}: {name} is {one}, printed as {other}"


def folder() -> Path:
    """Where the golden cases lie: `GOLDEN_DIR`, else the folder beside the project."""
    return Path(os.environ.get("GOLDEN_DIR") or BESIDE)


def golden_cases() -> list[Golden]:
    """All cases of the folder by name; none where there is no folder beside the project."""
    if folder() != BESIDE and not folder().is_dir():
        raise FileNotFoundError(f"GOLDEN_DIR names {folder()}, which is no folder")
    return [_read(path) for path in sorted(folder().glob("*.json"))]


def golden(shared: Path, name: str) -> Golden:
    """The golden case of that name."""
    return _read(shared / "golden" / f"{name}.json")


def _read(path: Path) -> Golden:
    case = json.loads(path.read_text(encoding="utf-8"))
    tolerance = case["tolerance"]
    return Golden(
        path.stem,
        case["data"],
        case["expected"],
        tolerance.get("rel", 0.0),
        tolerance.get("abs", 0.0),
        case["source"],
        case["method"],
        case.get("published") or {},
    )


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
    else:
        yield value
