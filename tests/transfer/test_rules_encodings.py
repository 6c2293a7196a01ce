"""Which texts a reader of Windows-1252 believes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transfer.rules.encodings import KEEP_UNDEFINED, implausible_fragment

GENUINE = [
    "“Curly quotes” and ‘single’ ones, don’t worry",
    "10 – 20 € … or 30€/m² – 5 % • 100 ‰ ™ © ®",
    "Gut gemacht, „wirklich“, sagte er ‚leise‘.",
    "« Bien » reçu… l’œuvre à Œuvres, très bientôt – Noël",
    "Škoda, Žižka, ŠKODA, šlo to",
    "El Niño, ¿qué tal? ¡Bien! n° 5, 1ª",
    "read–write, word—word, it´s",
    "Müller† und Söhne‡, Weiß” “GROSS…",
    "x² + y³ = ½ ± 2 · 4×3",
    "‹petit› ›klein‹",
    "k€, M€ und 20€",
]
MIXED = [
    ("problème d'étiquetage", "in the middle of words"),
    ("appréciée", "two"),
    ("très formé", "end of the word"),
    ("forêt, même, tête", "circumflex"),
    ("Français où", "cedilla"),
    ("naïf", "diaeresis"),
    ("schön, größer", "German"),
    ("MÉTÉO", "a byte that Windows-1252 does not define"),
]


@pytest.mark.parametrize("text", GENUINE)
def test_genuine_text_passes(text: str) -> None:
    assert text.encode("cp1252").decode("cp1252", errors=KEEP_UNDEFINED) == text
    assert implausible_fragment(text) is None


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for text, name in MIXED])
def test_dos_bytes_are_noticed(text: str) -> None:
    garbled = text.encode("cp850").decode("cp1252", errors=KEEP_UNDEFINED)
    assert implausible_fragment(garbled) is not None


@pytest.mark.parametrize("text", ["déjà vu", "Â£ 5", "it’s", "größer", "Ångström"])
def test_utf_8_bytes_are_noticed(text: str) -> None:
    garbled = text.encode("utf-8").decode("cp1252", errors=KEEP_UNDEFINED)
    assert implausible_fragment(garbled) is not None


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_undefined_bytes_are_noticed(byte: int) -> None:
    assert implausible_fragment(bytes([0x41, byte]).decode("cp1252", errors=KEEP_UNDEFINED)) is not None


@given(st.binary(max_size=200))
def test_any_bytes_decode_one_to_one(content: bytes) -> None:
    text = content.decode("cp1252", errors=KEEP_UNDEFINED)
    assert len(text) == len(content)
    implausible_fragment(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_ascii_passes(text: str) -> None:
    assert implausible_fragment(text) is None
