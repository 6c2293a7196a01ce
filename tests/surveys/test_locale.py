"""Surveys in five languages: every sentence of ours has its translation, and a page speaks the reader's language."""

import ast
import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.languages import missing_texts
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.services import publish_built_ins, publish_questionnaire
from app.responses.models import Response
from app.studies.models import Study
from app.surveys.rules import doors, shown, words
from app.surveys.tongue import FOLDER, own_name, spoken_languages, tongue_of
from tests.surveys.asked import GOOD, Customer, add_asked, chosen, counts, form_key, responses, written
from tests.surveys.kinds import every_kind
from tests.surveys.test_kinds import add_alices_kinds, send_page

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ar", "de", "es", "fr")
TEMPLATES = [
    *(ROOT / "templates" / "surveys").glob("*.html"),
    *(ROOT / "templates" / "components").glob("survey_*.html"),
    ROOT / "templates" / "layouts" / "survey.html",
]
MODULES = (
    "app.surveys.pages",
    "app.surveys.rules.forms",
    "app.surveys.rules.visit",
    "app.surveys.views",
    "app.questionnaires.rules.kinds",
)
SAYING = {"say", "say_count", "AnswerError", "Problem"}
"""What takes a sentence for customers as its first argument."""
NEVER_SAID = {"{own}"}
"""A questionnaire's own words, which it translates itself."""


@cache
def sentences() -> frozenset[str]:
    """Return every sentence of ours that a customer can see, in English; the plural where there is one."""
    found = {*from_templates(), *from_modules()}
    shut = [words.shut_words(each, opens_on=date.min, closed_on=date.max) for each in doors.Shut]
    for title, advice, _ in [*words.ERRORS.values(), *words.LEAVE_ERRORS.values(), words.OTHER, *shut]:
        found |= {title, advice}
    offered = [*shown.OPT_OUTS.values(), *own_choices()]
    return frozenset({*found, words.BUSY, *offered} - NEVER_SAID)


def from_templates() -> Iterator[str]:
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        said = re.findall(r'tongue\.say\(\s*"([^"]*)"|tongue\.say_count\(\s*"[^"]*",\s*"([^"]*)"', text)
        spoken = text.count("tongue.say(") + text.count("tongue.say_count(")
        named = len(re.findall(r"tongue\.say\((?:words|choice|line)\.", text))
        assert len(said) + named == spoken, f"{template.name} says something that is neither a sentence nor known here."
        yield from (one or many for one, many in said)


def from_modules() -> Iterator[str]:
    for name in MODULES:
        module = import_module(name)
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and called(node) in SAYING:
                first = node.args[1 if called(node) == "say_count" else 0]
                if isinstance(first, ast.Constant):
                    yield str(first.value)
                elif isinstance(first, ast.Name) and isinstance(getattr(module, first.id, None), str):
                    yield getattr(module, first.id)
    for constants in ("app.surveys.rules.forms", "app.surveys.rules.visit"):
        named = vars(import_module(constants)).items()
        yield from (text for name, text in named if name.isupper() and isinstance(text, str) and text.endswith("."))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def own_choices() -> Iterator[str]:
    """Return the answers that a kind of question offers by itself."""
    for kind in ("yes_no", "consent"):
        question = parse_definition(one_question(kind)).questions[0]
        yield from (choice.label for choice in shown.choices(question))


def one_question(kind: str) -> dict[str, Any]:
    asked = {"key": "one", "kind": kind, "text": "One?", "section": "only"}
    only = {"key": "only", "title": "Only"}
    return {"key": "one", "name": "One", "language": "en", "sections": [only], "questions": [asked]}


def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_catalogues_are_those_of_the_languages_on_offer() -> None:
    assert spoken_languages() == ("en", *LANGUAGES)
    assert len(sentences()) >= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_no_other_stands_there(language: str) -> None:
    messages = {each.id if isinstance(each.id, str) else each.id[1]: each for each in catalogue(language) if each.id}
    assert messages.keys() ^ sentences() == set()
    assert not catalogue(language).obsolete
    assert [each.id for each in messages.values() if each.fuzzy] == []
    for english, message in messages.items():
        forms = [message.string] if isinstance(message.string, str) else message.string
        assert all(forms), english
        for form in forms:
            assert names(form) <= names(english), (english, form)
        assert names(forms[-1]) == names(english), english


@pytest.mark.parametrize(("language", "forms"), [("de", 2), ("fr", 2), ("es", 2), ("ar", 6)])
def test_the_plural_forms_are_those_of_the_language(language: str, forms: int) -> None:
    tongue = tongue_of(language)
    assert catalogue(language).num_plurals == forms
    said = {tongue.say_count("{count} question.", "{count} questions.", count) for count in (0, 1, 2, 3, 11, 100)}
    shapes = {re.sub(r"\d+", "", each) for each in said}
    assert len(shapes) == forms


def test_days_instants_and_numbers_are_written_as_the_language_does() -> None:
    at = datetime(2026, 3, 9, 17, 5, tzinfo=UTC)
    assert [tongue_of(each).moment(at) for each in ("en", "de", "fr", "es", "ar")] == [
        "9 March 2026, 17:05 UTC",
        "9. März 2026, 17:05 UTC",
        "9 mars 2026, 17:05 UTC",
        "9 de marzo de 2026, 17:05 UTC",
        "٩ مارس ٢٠٢٦، ٥:٠٥ م UTC",
    ]
    assert [tongue_of("ar").number(each) for each in ("10", "x", "²", "٣")] == ["١٠", "x", "²", "٣"]
    assert own_name("ar") == "العربية"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_relationship_survey_is_translated_whole(language: str) -> None:
    relationship = parse_definition(built_in_documents()["relationship"])
    assert missing_texts(relationship, language) == []


def test_a_workspace_with_the_english_survey_gets_the_new_version_and_a_running_study_keeps_its_own(
    session: Session,
) -> None:
    english = built_in_documents()["relationship"]
    del english["translations"]
    first = publish_questionnaire(session, document=english)
    study = Study(
        key="running", name="Running", version_id=first.id, scorecard_key="default", plan={},
        opens_on=date(2026, 1, 1), closes_on=date(2026, 1, 2), health_as_of=date(2026, 1, 2),
    )  # fmt: skip
    session.add(study)
    second = next(each for each in publish_built_ins(session) if each.key == "relationship")
    assert (first.version, second.version) == (1, 2)
    assert list(definition_of(second).translations) == ["de", "fr", "es", "ar"]
    session.flush()
    session.expire_all()
    assert study.version_id == first.id
    assert definition_of(first).translations == {}


def spoken(page: str) -> str:
    found = re.search(r'<html lang="([^"]+)" dir="([a-z]+)">', page)
    assert found
    return found[1]


def test_arabic_runs_from_the_right_with_its_own_digits(customer: Customer) -> None:
    page = customer.browser.get(f"{customer.address}?lang=ar").text
    assert '<html lang="ar" dir="rtl">' in page
    scale = re.findall(r'name="recommend" value="(\d+)"[^>]*>([^<]+)</label>', page)
    assert [label for _, label in scale] == ["٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩", "١٠"]
    assert [value for value, _ in scale] == [str(number) for number in range(11)]
    assert "٠ = غير محتمل على الإطلاق" in page
    assert "السؤال ١ من ٨" in page


def test_a_wrong_value_is_explained_in_the_reader_s_language(customer: Customer) -> None:
    data = {**GOOD, "recommend": "11", "reason": "x" * 10_001}
    german = customer.browser.post(f"{customer.address}?lang=de", data=data)
    assert german.status_code == 400
    assert "<title>Fehler: Umfrage: " in german.text
    assert "Bitte geben Sie eine ganze Zahl von 0 bis 10 ein." in german.text
    assert "Bitte kürzen Sie den Text auf 10.000 Zeichen; er hat 10.001." in german.text
    arabic = customer.browser.post(f"{customer.address}?lang=ar", data=data)
    assert "أدخلوا عددًا صحيحًا من ٠ إلى ١٠." in arabic.text


def test_another_language_keeps_what_was_typed_and_stores_nothing(customer: Customer, session: Session) -> None:
    page = customer.browser.get(customer.address).text
    before = counts(session)
    assert '<button name="go" value="in:de" class="link" lang="de">Deutsch</button>' in page
    data = {**GOOD, "form_key": form_key(page), "go": "in:de"}
    reply = customer.browser.post(customer.address, data=data)
    assert reply.status_code == 200
    assert spoken(reply.text) == "de"
    assert "Wie zufrieden oder unzufrieden" in reply.text
    assert 'role="alert"' not in reply.text
    assert chosen(reply.text) == {key: value for key, value in GOOD.items() if key != "reason"}
    assert written(reply.text, "reason") == GOOD["reason"]
    assert form_key(reply.text) == form_key(page)
    assert f'action="{customer.address}?lang=de"' in reply.text
    assert counts(session) == before


def test_the_language_is_the_chosen_one_else_before_else_the_contact_s_else_the_browser_s(
    customer: Customer, session: Session
) -> None:
    asks_french = {"Accept-Language": "it, fr-CA;q=0.8, de;q=0.1"}

    def shown_in(address: str = customer.address) -> str:
        return spoken(customer.browser.get(address, headers=asks_french).text)

    assert spoken(customer.browser.get(customer.address).text) == "en"
    assert shown_in() == "fr"
    session.execute(sa.update(Contact).values(language="es-MX"))
    session.commit()
    assert shown_in() == "es"
    sent = customer.browser.post(f"{customer.address}?lang=ar", data=GOOD)
    assert spoken(sent.text) == "ar"
    assert session.scalars(sa.select(Response.language)).all() == ["ar"]
    session.rollback()
    assert shown_in() == "ar"
    assert shown_in(f"{customer.address}?lang=de") == "de"
    assert shown_in(f"{customer.address}?lang=xx") == "ar"


def test_pages_beside_the_form_speak_the_reader_s_language_too(customer: Customer, session: Session) -> None:
    german = {"Accept-Language": "de-AT"}
    assert "Dieser Link öffnet keine Umfrage" in customer.browser.get("/s/unknown", headers=german).text
    thanks = customer.browser.post(customer.address, data=GOOD, headers=german).text
    assert "Vielen Dank, Dalia Ferro. Ihre Antworten sind angekommen." in thanks
    assert "Meine Änderungen abschicken" in customer.browser.get(customer.address).text
    session.execute(sa.update(Study).values(closed_at=datetime.now(UTC)))
    session.commit()
    closed = customer.browser.get(customer.address)
    assert closed.status_code == 410
    assert "Diese Umfrage wurde am" in closed.text


def test_what_is_read_once_more_is_in_the_reader_s_words(session: Session, client: FlaskClient) -> None:
    customer = Customer(client, f"{add_alices_kinds(session, document=every_kind(is_paged=True))}?lang=ar")
    session.commit()
    filled = [("works", "yes"), ("since", "2024-02-29"), ("care", ":refused"), ("recommend", "10"), ("terms", "no")]
    send_page(customer, "first", filled)
    page = html.unescape(client.get(f"{customer.address}&page=review").text)
    for said in ("<dd>نعم ", "<dd>٢٩ فبراير ٢٠٢٤ ", "<i>أفضّل عدم الإجابة</i>", "<dd>١٠ ", "<dd>لا أوافق "):
        assert said in page


def test_a_questionnaire_without_translations_offers_no_languages(session: Session, client: FlaskClient) -> None:
    address = add_asked(session)
    plain = built_in_documents()["relationship"] | {"key": "plain"}
    del plain["translations"]
    session.execute(sa.update(Study).values(version_id=publish_questionnaire(session, document=plain).id))
    session.commit()
    page = client.get(address, headers={"Accept-Language": "de"}).text
    assert spoken(page) == "en"
    assert 'class="tongues"' not in page
    assert responses(session) == []
