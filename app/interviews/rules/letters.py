"""What letters after an interview say where nobody wrote anything else, in five languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.studies.rules.letters import Wording

FALLBACK = "en"
HABITS = {"en": "en_GB", "ar": "ar_EG"}
"""Which country's way of writing a day a language takes where they differ."""


@dataclass(frozen=True)
class Promise:
    """A follow-up as the customer reads it: what, who does it, and until when."""

    title: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Letters:
    """The letters in one language: the rest as a link, thanks, and in them the list of what was promised."""

    rest: Wording
    thanks: Wording
    promised: str
    line: str


ENGLISH = Letters(
    rest=Wording(
        "The rest of our talk about {account}",
        "Hello {name},\n\nthank you for the talk. As agreed, here are the questions that are still open:\n\n{link}\n\n"
        "What you told me is kept. The link is yours alone; it opens until {closes_on}.\n\nKind regards\n{sender}",
    ),
    thanks=Wording(
        "Thank you for the talk, {name}",
        "Hello {name},\n\nthank you for taking the time to talk about {account}. Your words reach those who can change "
        "something.\n\n{promises}Kind regards\n{sender}",
    ),
    promised="This is what we promised you:",
    line="– {title} ({owner}, until {due_on})",
)
GERMAN = Letters(
    rest=Wording(
        "Der Rest unseres Gesprächs über {account}",
        "Guten Tag, {name},\n\nvielen Dank für das Gespräch. Wie besprochen sind hier die Fragen, die noch offen "
        "sind:\n\n{link}\n\nWas Sie mir gesagt haben, bleibt erhalten. Der Link ist nur für Sie; er gilt bis "
        "{closes_on}.\n\nFreundliche Grüße\n{sender}",
    ),
    thanks=Wording(
        "Vielen Dank für das Gespräch, {name}",
        "Guten Tag, {name},\n\nvielen Dank, dass Sie sich Zeit für das Gespräch über {account} genommen haben. Ihre "
        "Worte erreichen die, die etwas ändern können.\n\n{promises}Freundliche Grüße\n{sender}",
    ),
    promised="Das haben wir Ihnen zugesagt:",
    line="– {title} ({owner}, bis {due_on})",
)
FRENCH = Letters(
    rest=Wording(
        "La suite de notre entretien sur {account}",
        "Bonjour {name},\n\nmerci pour notre entretien. Comme convenu, voici les questions encore ouvertes :\n\n{link}"
        "\n\nCe que vous m’avez dit est conservé. Ce lien est à vous seul ; il est ouvert jusqu’au {closes_on}.\n\n"
        "Cordialement\n{sender}",
    ),
    thanks=Wording(
        "Merci pour notre entretien, {name}",
        "Bonjour {name},\n\nmerci d’avoir pris le temps de parler de {account}. Vos propos parviennent à ceux qui "
        "peuvent changer les choses.\n\n{promises}Cordialement\n{sender}",
    ),
    promised="Voici ce que nous vous avons promis :",
    line="– {title} ({owner}, jusqu’au {due_on})",
)
SPANISH = Letters(
    rest=Wording(
        "El resto de nuestra conversación sobre {account}",
        "Buenos días, {name}:\n\nGracias por la conversación. Como acordamos, estas son las preguntas que faltan:\n\n"
        "{link}\n\nLo que me dijo se conserva. El enlace es solo para usted y está abierto hasta el {closes_on}.\n\n"
        "Un saludo\n{sender}",
    ),
    thanks=Wording(
        "Gracias por la conversación, {name}",
        "Buenos días, {name}:\n\nGracias por dedicar su tiempo a hablar de {account}. Sus palabras llegan a quienes "
        "pueden cambiar algo.\n\n{promises}Un saludo\n{sender}",
    ),
    promised="Esto es lo que le prometimos:",
    line="– {title} ({owner}, hasta el {due_on})",
)
ARABIC = Letters(
    rest=Wording(
        "بقية حديثنا عن {account}",
        "مرحباً {name}،\n\nشكراً على الحديث. كما اتفقنا، هذه هي الأسئلة التي بقيت:\n\n{link}\n\n"
        "ما قلته لي محفوظ. الرابط لك وحدك، وهو مفتوح حتى {closes_on}.\n\nمع أطيب التحيات\n{sender}",
    ),
    thanks=Wording(
        "شكراً على الحديث، {name}",
        "مرحباً {name}،\n\nشكراً على وقتك للحديث عن {account}. كلماتك تصل إلى من يستطيع أن يغيّر شيئاً.\n\n"
        "{promises}مع أطيب التحيات\n{sender}",
    ),
    promised="هذا ما وعدناك به:",
    line="– {title} ({owner}، حتى {due_on})",
)

LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ar": ARABIC}


def language_for(wanted: str | None) -> str:
    """The language of a letter: the reader's where there are words in it, else English."""
    base = (wanted or FALLBACK).replace("_", "-").split("-")[0].casefold()
    return base if base in LANGUAGES else FALLBACK


def rest_letter(language: str, *, name: str, account: str, sender: str, closes_on: date) -> Wording:
    """The letter with the link to what is still open."""
    values = {"name": name, "account": account, "sender": sender, "closes_on": _day(language, closes_on)}
    return LANGUAGES[language].rest.filled(values)


def thanks_letter(language: str, *, name: str, account: str, sender: str, promises: Sequence[Promise]) -> Wording:
    """The letter that thanks, with what was promised."""
    words = LANGUAGES[language]
    lines = [
        words.line.format(title=each.title, owner=each.owner, due_on=_day(language, each.due_on)) for each in promises
    ]
    told = "\n".join([words.promised, *lines]) + "\n\n" if lines else ""
    return words.thanks.filled({"name": name, "account": account, "sender": sender, "promises": told})


def _day(language: str, day: date) -> str:
    from babel.dates import format_date

    return str(format_date(day, "long", locale=HABITS.get(language, language)))
