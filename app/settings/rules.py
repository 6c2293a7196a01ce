"""What customers are told about their data where nobody has written anything else, and what may be written."""

from app.core.typed import typed_lines

BUILT_IN = 0
"""The version that is our own text."""
ORGANISATION = "{organisation}"
"""What stands for the name of who asks."""
LONGEST = 1_500

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "ar": "Arabic"}
TEXTS = {
    "en": "{organisation} keeps your answers with your name and the account of your company, and uses them to "
    "do better by you. Taking part is up to you. You can ask at any time what is kept about you, and have"
    " it corrected or erased.",
    "de": "{organisation} bewahrt Ihre Antworten mit Ihrem Namen und dem Konto Ihres Unternehmens auf und nutzt"
    " sie, um es für Sie besser zu machen. Die Teilnahme ist freiwillig. Sie können jederzeit fragen, was"
    " über Sie gespeichert ist, und es berichtigen oder löschen lassen.",
    "fr": "{organisation} conserve vos réponses avec votre nom et le compte de votre entreprise, et s’en sert "
    "pour mieux vous servir. Votre participation est libre. Vous pouvez à tout moment demander ce qui est"
    " conservé à votre sujet, et le faire corriger ou effacer.",
    "es": "{organisation} guarda sus respuestas con su nombre y la cuenta de su empresa, y las usa para "
    "atenderle mejor. Participar es voluntario. Puede preguntar en cualquier momento qué se guarda sobre "
    "usted, y pedir que se corrija o se borre.",
    "ar": "تحتفظ {organisation} بإجاباتكم مع اسمكم وحساب شركتكم، وتستخدمها لتخدمكم على نحو أفضل. المشاركة "
    "اختيارية. يمكنكم في أي وقت السؤال عمّا هو محفوظ عنكم وطلب تصحيحه أو محوه.",
}
"""Our own texts, by language."""


def checked_text(raw: str, language: str) -> str:
    """Return a text as customers may be shown it, ours where it was left empty; Refusal where it cannot be shown."""
    text = "\n".join(" ".join(line.split()) for line in typed_lines(raw, language, LONGEST).split("\n"))
    return text or TEXTS[language]


def told(text: str, organisation: str) -> str:
    """Return a text with the name of who asks in its place."""
    return text.replace(ORGANISATION, organisation)
