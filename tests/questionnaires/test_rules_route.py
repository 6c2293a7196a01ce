"""The route through a questionnaire: branches, loops over products, piped words, and what is refused at publishing."""

from typing import Any

import pytest

from app.questionnaires.rules.kinds import Absence, ParsedAnswer
from app.questionnaires.rules.languages import in_language, missing_texts, scale_direction, texts_of
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.route import Facts, Item, Route, Slot
from app.questionnaires.rules.writing import to_document

PRODUCTS = (Item("R-1", "product", "Ledger"), Item("R-2", "product", "Payroll"), Item("R-3", "service", "Care"))


def document(**changes: Any) -> dict[str, Any]:
    """Return a questionnaire with a branch, a loop over products and piped words."""
    return {
        "key": "pulse", "name": "Pulse", "language": "en",
        "sections": [
            {"key": "main", "title": "Main"}, {"key": "each", "title": "${relationship.name}", "per": "product"}
        ],
        "questions": [
            {"key": "recommend", "kind": "scale_0_10", "section": "main", "text": "Would you, ${contact.first_name}?"},
            {"key": "low", "kind": "yes_no", "section": "main", "text": "Low?", "relevant": "${recommend} <= 6"},
            {"key": "why", "kind": "text", "section": "main", "text": "Why ${recommend}?", "relevant": "${low} = 'yes'",
             "constraint": "string-length(.) > 2", "constraint_message": "Say more."},
            {"key": "renew", "kind": "scale_1_5", "section": "each", "text": "Will you renew ${relationship.name}?",
             "opt_outs": ["not_applicable"]},
            {"key": "because", "kind": "text", "section": "each", "text": "Why?", "relevant": "${renew} < 3"},
        ],
        **changes,
    }  # fmt: skip


def number(value: float) -> ParsedAnswer:
    return ParsedAnswer(value, None)


YES = ParsedAnswer(1.0, "yes")


def route(given: dict[Slot, ParsedAnswer], **facts: str) -> Route:
    return Route(parse_definition(document()), Facts(facts, PRODUCTS), given)


def asked(found: Route) -> list[str]:
    return [slot.name for _, slot in found.slots(found.questionnaire.questions) if found.is_asked(slot)]


ROUTES: list[tuple[dict[Slot, ParsedAnswer], list[str]]] = [
    ({}, ["recommend", "renew@R-1", "renew@R-2"]),
    ({Slot("recommend"): number(3)}, ["recommend", "low", "renew@R-1", "renew@R-2"]),
    ({Slot("recommend"): number(3), Slot("low"): YES}, ["recommend", "low", "why", "renew@R-1", "renew@R-2"]),
    # The branch has closed: the answer behind it does not open the next one.
    ({Slot("recommend"): number(9), Slot("low"): YES}, ["recommend", "renew@R-1", "renew@R-2"]),
    ({Slot("renew", "R-2"): number(1)}, ["recommend", "renew@R-1", "renew@R-2", "because@R-2"]),
    ({Slot("renew", "R-2"): ParsedAnswer(None, None, Absence.NOT_APPLICABLE)}, ["recommend", "renew@R-1", "renew@R-2"]),
]


@pytest.mark.parametrize(("given", "names"), ROUTES)
def test_what_is_asked_follows_from_what_was_said(given: dict[Slot, ParsedAnswer], names: list[str]) -> None:
    assert asked(route(given)) == names


def test_answers_behind_a_closed_branch_are_there_but_do_not_count() -> None:
    found = route({Slot("recommend"): number(9), Slot("low"): YES})
    assert not found.counts(Slot("low"))
    assert found.value("low") == ""
    assert found.counts(Slot("recommend"))


def test_words_are_filled_with_answers_and_facts() -> None:
    found = route({Slot("recommend"): number(4)}, **{"contact.first_name": "Dalia"})
    assert found.words("Would you, ${contact.first_name}?") == "Would you, Dalia?"
    assert found.words("Why ${recommend}?") == "Why 4?"
    assert found.words("${account.plan|your plan}") == "your plan"
    assert found.words("Will you renew ${relationship.name}?", "R-2") == "Will you renew Payroll?"


def test_a_constraint_is_about_the_answer() -> None:
    found = route({})
    why = found.questionnaire.question("why")
    assert why
    assert not found.fulfils(why, Slot("why"), ParsedAnswer(None, "no"))
    assert found.fulfils(why, Slot("why"), ParsedAnswer(None, "because"))


REFUSED = [
    ("${nothing} = 1", "names “nothing”, which is neither a question nor a known fact"),
    ("${low} = 'yes'", "circle: low → low"),
    ("${why} = ''", "circle: low → why → low"),
    ("${renew} = 1", "asked once per relationship in another section"),
    ("${relationship.name} = ''", "is not asked once per relationship"),
    ("${recommend} <=", "Question “low”, relevant: The expression ends too early"),
    (". = 1", "use it in constraints only"),
]


@pytest.mark.parametrize(("relevant", "sentence"), REFUSED)
def test_what_could_not_be_asked_is_refused(relevant: str, sentence: str) -> None:
    questions = document()["questions"]
    questions[1]["relevant"] = relevant
    with pytest.raises(ValueError, match=r".") as refusal:
        parse_definition(document(questions=questions))
    assert sentence in str(refusal.value)


def test_a_fact_that_may_be_missing_needs_other_words() -> None:
    questions = document()["questions"]
    questions[0]["text"] = "How is ${account.plan}?"
    with pytest.raises(ValueError, match="may be empty; write what stands there then"):
        parse_definition(document(questions=questions))


def test_words_of_thanks_and_of_refusal_name_what_is_there() -> None:
    questions = document()["questions"]
    questions[0] |= {"constraint": ". > 1", "constraint_message": "Not ${nobody}."}
    for wrong in ({"questions": questions}, {"thanks": {"promoter": "Thank you, ${nobody}."}}):
        with pytest.raises(ValueError, match="names “nobody”, which is neither a question nor a known fact"):
            parse_definition(document(**wrong))


def chain(length: int) -> list[dict[str, Any]]:
    first = {"key": "q0", "kind": "yes_no", "section": "main", "text": "?"}
    return [first, *({**first, "key": f"q{n}", "relevant": f"${{q{n - 1}}} = 'yes'"} for n in range(1, length))]


def test_a_long_chain_of_conditions_is_read() -> None:
    found = Route(parse_definition(document(questions=chain(60))), Facts(), {Slot(f"q{n}"): YES for n in range(59)})
    assert found.counts(Slot("q59"))
    assert len(asked(found)) == 60
    with pytest.raises(ValueError, match="chain of more than 60 conditions"):
        parse_definition(document(questions=chain(61)))


def matrix(**changes: Any) -> list[dict[str, Any]]:
    row = {"kind": "scale_1_5", "section": "main", "matrix": "grid"}
    return [
        {"key": "grid", "kind": "matrix", "section": "main", "text": "How good is …"},
        {"key": "speed", "text": "speed", **row},
        {"key": "care", "text": "care", **row, **changes},
    ]


def test_the_rows_of_a_matrix_are_questions_of_their_own() -> None:
    questionnaire = parse_definition(document(questions=matrix()))
    assert parse_definition(to_document(questionnaire)) == questionnaire
    assert [question.key for question in questionnaire.questions if question.takes_answer] == ["speed", "care"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "scale_1_7"}, "must all be of one kind"),
        ({"matrix": "speed"}, "which is no matrix"),
        ({"section": "each"}, "must stand right below the matrix"),
    ],
)
def test_a_matrix_that_is_none_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_definition(document(questions=matrix(**changes)))


def test_a_translation_stands_in_where_it_is_there() -> None:
    words = {"question.recommend.text": "Würden Sie, ${contact.first_name}?", "name": "Puls"}
    questionnaire = parse_definition(document(translations={"de": words}, directions={"ar": "ltr"}))
    german = in_language(questionnaire, "de")
    assert (german.name, german.questions[0].text, german.questions[1].text) == (
        "Puls", "Würden Sie, ${contact.first_name}?", "Low?"
    )  # fmt: skip
    assert len(missing_texts(questionnaire, "de")) == len(list(texts_of(questionnaire))) - 2
    assert (scale_direction(questionnaire, "ar"), scale_direction(questionnaire, "he")) == ("ltr", "rtl")
    assert parse_definition(to_document(questionnaire)) == questionnaire


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"question.gone.text": "Weg"}, "which is not there"),
        ({"question.low.text": "${account.name}?"}, "names “account.name”; the original does not"),
        ({"name": 3}, "must be texts by their places"),
    ],
)
def test_a_translation_with_holes_is_refused_by_place(texts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_definition(document(translations={"de": texts}))


PROMISED = {"text": "Twice as fast", "source": "sales", "amount": "€9,000"}


def promise_route(*items: Item, per: str = "promise", text: str = "Was “${promise.text}” kept?") -> Route:
    """A questionnaire whose only section is asked once per promise."""
    kept = {"key": "kept", "kind": "yes_no", "section": "each", "text": text}
    sections = [{"key": "each", "title": "Each", "per": per}]
    return Route(parse_definition(document(sections=sections, questions=[kept])), Facts({}, items), {})


def test_a_section_is_asked_about_each_promise_and_names_it() -> None:
    found = promise_route(Item("7", "promise", "Twice as fast", PROMISED), Item("7", "product", "Ledger"))
    assert asked(found) == ["kept@7"]
    assert found.words("Was “${promise.text}” kept, ${promise.promised_on|some day}?", "7") == (
        "Was “Twice as fast” kept, some day?"
    )
    assert found.words("${relationship.name}", "7") == "Ledger"


def test_any_relationship_does_not_mean_promises() -> None:
    items = Item("1", "promise", "Twice as fast", PROMISED), Item("2", "product", "Ledger")
    assert asked(promise_route(*items, per="*", text="Was it kept?")) == ["kept@2"]


@pytest.mark.parametrize(
    ("per", "text", "sentence"),
    [
        ("product", "${promise.text}?", "not asked once per promise"),
        ("promise", "${relationship.name}?", "not asked once per relationship"),
        ("promise", "${promise.amount}?", "may be empty"),
    ],
)
def test_a_section_names_only_what_it_is_asked_about(per: str, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        promise_route(per=per, text=text)
