"""Settings, read from the environment once; the README lists each of them."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Settings:
    """What the environment said, with defaults filled in."""

    home: Path
    database_url: str
    secret_key: str
    base_url: str
    mail_url: str | None
    redis_url: str | None
    currency: str | None
    sample_password: str | None
    mail_from: str | None = None
    mails_at_any_hour: bool = False

    @property
    def is_secure(self) -> bool:
        """Whether people reach us by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read every `PARALLAX_…` setting; creates the home folder and the kept secret key where they are missing."""
    home = Path(environ.get("PARALLAX_HOME") or ROOT / "var").absolute()
    home.mkdir(parents=True, exist_ok=True)
    port = environ.get("PORT") or "8000"
    return Settings(
        home=home,
        database_url=environ.get("PARALLAX_DATABASE_URL") or f"sqlite:///{home / 'parallax.db'}",
        secret_key=environ.get("PARALLAX_SECRET_KEY") or kept_secret(home / "secret-key"),
        base_url=(environ.get("PARALLAX_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        mail_url=environ.get("PARALLAX_MAIL_URL") or None,
        redis_url=environ.get("PARALLAX_REDIS_URL") or None,
        currency=environ.get("PARALLAX_CURRENCY") or None,
        sample_password=environ.get("PARALLAX_SAMPLE_PASSWORD") or None,
        mail_from=environ.get("PARALLAX_MAIL_FROM") or None,
        mails_at_any_hour=environ.get("PARALLAX_MAIL_HOURS") == "any",
    )


def kept_secret(path: Path) -> str:
    """Return the secret kept at `path`; the first call makes it, readable by the owner alone.

    Two processes may start at once: the exclusive creation lets one write and the other read.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")
