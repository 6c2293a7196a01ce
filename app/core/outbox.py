"""The mails that were written as files: whom they are addressed to, and how old they are."""

from collections.abc import Collection
from datetime import datetime
from email.errors import MessageError
from email.parser import BytesHeaderParser
from email.policy import SMTP
from pathlib import Path

PATTERN = "*.eml"
UNFINISHED = "*.part"


def mails_to(folder: Path, addresses: Collection[str]) -> list[Path]:
    """The files whose mails go to one of these addresses, in whatever letters, by name."""
    wanted = {address.casefold() for address in addresses}
    return [path for path in _files(folder) if wanted & _readers(path)]


def mails_before(folder: Path, instant: datetime) -> list[Path]:
    """The files that were written before an instant, by name."""
    return [path for path in _files(folder) if _written(path) < instant.timestamp()]


def remove_mails(paths: Collection[Path]) -> int:
    """Remove files of mails and return how many there were; one that is gone already is no fault."""
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob(PATTERN), *folder.glob(UNFINISHED)])


def _readers(path: Path) -> set[str]:
    try:
        with path.open("rb") as file:
            header = BytesHeaderParser(policy=SMTP).parse(file)["To"]
        return {address.addr_spec.casefold() for address in header.addresses} if header else set()
    except (FileNotFoundError, MessageError, ValueError, IndexError):
        return set()


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
