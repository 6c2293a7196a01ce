"""What one person answers: numbers that follow the account's story, with the noise of a human being."""

from dataclasses import dataclass
from random import Random

from app.questionnaires.rules.kinds import kind_named
from app.sample.rules.contacts import Person
from app.sample.rules.profiles import Profile
from app.sample.rules.stories import SHAPES, Archetype


@dataclass(frozen=True)
class Item:
    """A scored question: its kind, the topic that moves its answer, and whether a high answer is bad."""

    kind: str
    topic: str
    reverse: bool = False


SURVEY_ITEMS = {
    "recommend": Item("scale_0_10", "recommendation"),
    "satisfaction": Item("scale_1_5", "overall_sentiment"),
    "effort": Item("scale_1_7", "support"),
    "value_promised": Item("scale_1_5", "promised"),
    "value_delivered": Item("scale_1_5", "delivered"),
    "renewal_intent": Item("scale_1_5", "renewal_intent"),
}
_TOPICS = (
    "customer_readiness",
    "implementation_readiness",
    "product_sentiment",
    "product_quality",
    "adoption",
    "education",
    "skills",
    "stakeholder_reach",
    "company",
    "commercial",
)
_ASPECTS = ("economic", "emotional", "community")
_VALUE_TOPICS = {"promised": "promised", "delivered": "delivered", "to_be_delivered": "expected"}
INTERVIEW_ITEMS = {
    **SURVEY_ITEMS,
    **{topic: Item("scale_1_5", topic) for topic in _TOPICS},
    **{
        f"value_{side}_{aspect}": Item("scale_1_5", topic)
        for side, topic in _VALUE_TOPICS.items()
        for aspect in _ASPECTS
    },
    "situational_risk": Item("scale_1_5", "situational_risk", reverse=True),
}
# What people expect and were promised hangs little on how they feel today.
_FIXED_LEVELS = {"promised": 72.0, "expected": 64.0}
# People recommend a little more readily than they praise, and rarely find a price just right.
_TOPIC_SHIFTS = {"recommendation": 7.0, "commercial": -6.0, "stakeholder_reach": -5.0}
_ROLE_SHIFTS = {"decision_maker": -3.0, "champion": 4.0, "admin": -1.0, "power_user": 0.0}
# People are a little kinder to a voice on the telephone than to a form.
_INTERVIEW_SHIFT = 3.0
_PERSON_SPREAD = {Archetype.HIDDEN_RISK: 10.0, Archetype.HIDDEN_STRENGTH: 9.0}
_USUAL_PERSON_SPREAD = 16.0
_ITEM_SPREAD = 11.0


# What people say matters is the same mix at every account: it moves less than how they feel.
_WEIGHTS = {
    "value": 3.2,
    "product_quality": 2.6,
    "support": 2.2,
    "product_sentiment": 1.2,
    "implementation_readiness": 1.0,
    "company": 1.0,
    "education": 0.6,
}
_ROLE_MATTERS = {
    "decision_maker": {"value": 2.0, "company": 1.0},
    "champion": {"support": 0.6},
    "admin": {"product_quality": 1.0, "implementation_readiness": 0.8},
    "power_user": {"product_sentiment": 1.4, "education": 0.6},
}
_WHIM = 1.1


def what_matters(chance: Random, person: Person) -> str:
    """The topics in the order in which they matter to the person, as a ranking takes them."""
    own = _ROLE_MATTERS.get(person.role, {})
    weights = {topic: weight + own.get(topic, 0.0) + chance.gauss(0, _WHIM) for topic, weight in _WEIGHTS.items()}
    return " ".join(sorted(weights, key=lambda topic: -weights[topic]))


def mood(chance: Random, profile: Profile, person: Person, mode: str) -> float:
    """A person's own voice (0–100): the account's, shifted by role and mode, and by who they are."""
    spread = _PERSON_SPREAD.get(profile.archetype, _USUAL_PERSON_SPREAD)
    shift = _INTERVIEW_SHIFT if mode == "interview" else 0.0
    return profile.voice + _ROLE_SHIFTS[person.role] + shift + chance.gauss(0, spread)


def answer(chance: Random, profile: Profile, own_mood: float, item: Item) -> int:
    """The whole number that the person gives on the item's scale."""
    level = _FIXED_LEVELS.get(item.topic, own_mood) + _TOPIC_SHIFTS.get(item.topic, 0.0)
    level += SHAPES[profile.story].shifts.get(item.topic, 0.0)
    score = min(max(level + chance.gauss(0, _ITEM_SPREAD), 0.0), 100.0)
    kind = kind_named(item.kind)
    if kind.minimum is None or kind.maximum is None:
        raise ValueError(f"The kind “{item.kind}” has no scale.")
    steps = round((kind.maximum - kind.minimum) * (100 - score if item.reverse else score) / 100)
    return int(kind.minimum) + steps
