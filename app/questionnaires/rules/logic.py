"""What refers to what in a questionnaire; unknown names, circles and unreadable expressions are refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.questionnaires.rules.definition import PROMISE, Question, Questionnaire, Section
from app.questionnaires.rules.expressions import Node, names_in, parsed, uses_current
from app.questionnaires.rules.piping import FACTS, pipes

OF_ITEM = "relationship."
OF_PROMISE = "promise."
LONGEST_CHAIN = 60


@dataclass(frozen=True)
class Use:
    """A name that is used somewhere: at which place, in words, and whether other words stand in for an empty value."""

    name: str
    where: str
    has_fallback: bool = True


def check_logic(questionnaire: Questionnaire) -> None:
    """Refuse what could not be asked: ValueError with a sentence that names the place."""
    for question in questionnaire.questions:
        _check_expressions(question)
        for use in _uses_of_question(question):
            _check_use(questionnaire, use, questionnaire.section(question.section))
    for section in questionnaire.sections:
        for use in _uses_of_section(section):
            _check_use(questionnaire, use, section)
    for band, words in questionnaire.thanks.items():
        for use in _piped(words, f"The words of thanks for {band}"):
            _check_use(questionnaire, use, None)
    _refuse_circles(depends_on(questionnaire))


def depends_on(questionnaire: Questionnaire) -> dict[str, set[str]]:
    """The questions on whose answers it depends whether a question is asked, or what a calculated one comes to."""
    keys = {question.key for question in questionnaire.questions}
    sections = {section.key: set(_names(section.relevant)) for section in questionnaire.sections}
    heads = {question.key: question.relevant for question in questionnaire.questions if question.kind == "matrix"}
    return {
        question.key: (
            set(_names(question.relevant))
            | set(_names(question.calculation))
            | set(_names(heads.get(question.matrix or "")))
            | sections.get(question.section, set())
        )
        & keys
        for question in questionnaire.questions
    }


def _check_expressions(question: Question) -> None:
    for field in ("relevant", "calculation", "constraint"):
        expression = getattr(question, field)
        if expression is None:
            continue
        node = _readable(expression, f"Question “{question.key}”, {field}")
        if field != "constraint" and uses_current(node):
            raise ValueError(
                f"Question “{question.key}”, {field}: “.” is the answer itself; use it in constraints only."
            )


def _readable(expression: str, where: str) -> Node:
    try:
        return parsed(expression)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _names(expression: str | None) -> list[str]:
    return [] if expression is None else list(names_in(parsed(expression)))


def _uses_of_question(question: Question) -> Iterator[Use]:
    where = f"Question “{question.key}”"
    for expression in (question.relevant, question.calculation, question.constraint):
        for name in _names(expression):
            yield Use(name, where)
    words = (question.text, question.hint, question.constraint_message, question.script, *question.probes)
    labels = tuple(option.label for option in question.options)
    for text in (*words, *labels):
        yield from _piped(text, where)


def _uses_of_section(section: Section) -> Iterator[Use]:
    where = f"Section “{section.key}”"
    if section.relevant is not None:
        _readable(section.relevant, f"{where}, relevant")
        for name in _names(section.relevant):
            yield Use(name, where)
    for text in (section.title, section.script):
        yield from _piped(text, where)


def _piped(text: str | None, where: str) -> Iterator[Use]:
    for pipe in pipes(text or ""):
        yield Use(pipe.name, where, has_fallback=pipe.fallback is not None)


def _check_use(questionnaire: Questionnaire, use: Use, here: Section | None) -> None:
    if use.name.startswith(OF_ITEM) and (here is None or here.per in {None, PROMISE}):
        raise ValueError(f"{use.where} names “{use.name}”, but its section is not asked once per relationship (“per”).")
    if use.name.startswith(OF_PROMISE) and (here is None or here.per != PROMISE):
        raise ValueError(f"{use.where} names “{use.name}”, but its section is not asked once per promise (“per”).")
    if use.name in FACTS:
        if not FACTS[use.name] and not use.has_fallback:
            raise ValueError(
                f"{use.where}: “{use.name}” may be empty; write what stands there then: ${{{use.name}|…}}."
            )
        return
    question = questionnaire.question(use.name)
    if question is None:
        raise ValueError(f"{use.where} names “{use.name[:80]}”, which is neither a question nor a known fact.")
    if question.kind in {"note", "matrix"}:
        raise ValueError(f"{use.where} names “{use.name}”, which takes no answer.")
    there = questionnaire.section(question.section)
    if there is not None and there.per and there is not here:
        sort = PROMISE if there.per == PROMISE else "relationship"
        raise ValueError(f"{use.where} names “{use.name}”, which is asked once per {sort} in another section.")


def _refuse_circles(graph: Mapping[str, set[str]]) -> None:
    lengths: dict[str, int] = {}
    for start in graph:
        _walk(graph, start, lengths)
    too_long = [key for key, length in lengths.items() if length > LONGEST_CHAIN]
    if too_long:
        raise ValueError(
            f"Question “{too_long[0]}” hangs on a chain of more than {LONGEST_CHAIN} conditions; shorten it."
        )


def _walk(graph: Mapping[str, set[str]], start: str, lengths: dict[str, int]) -> None:
    """Visit what a question depends on, deepest first, without recursion, and note how long each chain is."""
    path, waiting = [start], [iter(sorted(graph[start]))]
    while waiting:
        following = next(waiting[-1], None)
        if following is None:
            key = path.pop()
            lengths[key] = 1 + max((lengths[each] for each in graph[key]), default=0)
            waiting.pop()
        elif following in path:
            circle = " → ".join([*path[path.index(following) :], following])
            raise ValueError(f"These depend on each other in a circle: {circle}.")
        elif following not in lengths:
            path.append(following)
            waiting.append(iter(sorted(graph[following])))
