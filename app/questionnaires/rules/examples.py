"""What stands for a customer where a questionnaire is shown without one."""

from app.questionnaires.rules.definition import ANY_TYPE, PROMISE, Questionnaire
from app.questionnaires.rules.piping import FACTS
from app.questionnaires.rules.route import Facts, Item

PERSON = "Robin Sample"


def example_facts(questionnaire: Questionnaire) -> Facts:
    """What stands for a customer: facts by their names, two items of every type that is asked about."""
    types = {section.per for section in questionnaire.sections if section.per}
    values = {name: f"[{name.replace('.', ' ').replace('_', ' ')}]" for name in FACTS}
    of_promise = {name.removeprefix("promise."): words for name, words in values.items() if name.startswith("promise.")}
    items = [
        Item(
            f"{kind}-{number}",
            kind,
            f"{'product' if kind == ANY_TYPE else kind} {number}".capitalize(),
            of_promise | {"text": f"[promise {number}]"} if kind == PROMISE else {},
        )
        for kind in sorted(types)
        for number in (1, 2)
    ]
    return Facts(values | {"contact.name": PERSON, "contact.first_name": PERSON.split(maxsplit=1)[0]}, items)
