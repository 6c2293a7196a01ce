"""What every page promises, whatever it shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAILS = ROOT / "templates" / "emails"
"""Mail programmes know no style sheets: the templates of mails carry their styles in the elements."""
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if not path.is_relative_to(MAILS))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_templates_hold_no_inline_script_or_style_attribute(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"\sstyle\s*=\s*[\"']", text)
    assert "javascript:" not in text
