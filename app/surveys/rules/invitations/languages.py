"""What mails say where nobody wrote anything else, in five languages, and the fixed words around every text."""

from collections.abc import Collection
from dataclasses import dataclass

from app.surveys.rules.invitations import anonymous
from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import MailWording

FALLBACK = "en"


@dataclass(frozen=True)
class MailLanguage:
    """What mails alone say in one language; days, counts and what the pages say too come from the pages' tongue."""

    name: str
    wordings: dict[Kind, MailWording]
    button: str
    scores: str
    until: str
    asks: str
    leave: str


ENGLISH = MailLanguage(
    name="English",
    wordings={
        Kind.INVITATION: MailWording(
            "{first_name}, how are things going for {account}?",
            "Hello {name},\n\n"
            "we would like to hear from you how things are going for {account}: what works, what does not, and what "
            "we should do next. Leave out whatever you like.\n\n"
            "Your account team reads every answer, with your name.\n\n"
            "Thank you for your time.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "{first_name}, there is still time until {closes_on}",
            "Hello {name},\n\n"
            "some days ago we asked you how things are going for {account}. We have not heard from you yet, and your "
            "view counts. The survey is open until {closes_on}.\n\n"
            "If you would rather not answer, there is nothing that you need to do.\n\n"
            "Thank you for your time.\n{owner}",
        ),
    },
    button="Answer the questions",
    scores="Choose a number to begin. Nothing is sent before you press the button at the end.",
    until="Until",
    asks="You receive this mail because you work with {organisation}.",
    leave="You do not want such mails any more?",
)  # fmt: skip
GERMAN = MailLanguage(
    name="Deutsch",
    wordings={
        Kind.INVITATION: MailWording(
            "Wie läuft es für {account}?",
            "Guten Tag, {name},\n\n"
            "wir möchten von Ihnen hören, wie es für {account} läuft: was gut ist, was nicht, und was wir als "
            "Nächstes tun sollten. Lassen Sie aus, was Sie möchten.\n\n"
            "Ihr Betreuungsteam liest jede Antwort, mit Ihrem Namen.\n\n"
            "Vielen Dank für Ihre Zeit.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "Noch bis {closes_on}: Wie läuft es für {account}?",
            "Guten Tag, {name},\n\n"
            "vor einigen Tagen haben wir Sie gefragt, wie es für {account} läuft. Wir haben noch nichts von Ihnen "
            "gehört, und Ihre Sicht zählt. Die Umfrage ist bis {closes_on} offen.\n\n"
            "Wenn Sie lieber nicht antworten möchten, brauchen Sie nichts zu tun.\n\n"
            "Vielen Dank für Ihre Zeit.\n{owner}",
        ),
    },
    button="Fragen beantworten",
    scores="Wählen Sie eine Zahl, um zu beginnen. Nichts wird gesendet, bevor Sie am Ende den Knopf drücken.",
    until="Bis",
    asks="Sie erhalten diese E-Mail, weil Sie mit {organisation} zusammenarbeiten.",
    leave="Sie möchten solche E-Mails nicht mehr?",
)  # fmt: skip
FRENCH = MailLanguage(
    name="Français",
    wordings={
        Kind.INVITATION: MailWording(
            "Comment cela se passe-t-il pour {account} ?",
            "Bonjour {name},\n\n"
            "nous aimerions savoir comment cela se passe pour {account} : ce qui marche, ce qui ne marche pas, et ce "
            "que nous devrions faire ensuite. Passez les questions que vous voulez.\n\n"
            "L’équipe qui vous accompagne lit chaque réponse, avec votre nom.\n\n"
            "Merci de votre temps.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "Encore jusqu’au {closes_on} : votre avis sur {account}",
            "Bonjour {name},\n\n"
            "il y a quelques jours, nous vous avons demandé comment cela se passe pour {account}. Nous n’avons pas "
            "encore eu de vos nouvelles, et votre avis compte. Le questionnaire est ouvert jusqu’au {closes_on}.\n\n"
            "Si vous préférez ne pas répondre, vous n’avez rien à faire.\n\n"
            "Merci de votre temps.\n{owner}",
        ),
    },
    button="Répondre aux questions",
    scores="Choisissez un nombre pour commencer. Rien n’est envoyé avant que vous appuyiez sur le bouton à la fin.",
    until="Jusqu’au",
    asks="Vous recevez ce message parce que vous travaillez avec {organisation}.",
    leave="Vous ne voulez plus recevoir de tels messages ?",
)  # fmt: skip
SPANISH = MailLanguage(
    name="Español",
    wordings={
        Kind.INVITATION: MailWording(
            "¿Cómo le va a {account} con nosotros?",
            "Buenos días, {name}:\n\n"
            "Nos gustaría saber cómo le va a {account}: qué funciona, qué no y qué deberíamos hacer ahora. Puede "
            "dejar sin responder lo que prefiera.\n\n"
            "El equipo que le atiende lee cada respuesta, con su nombre.\n\n"
            "Gracias por su tiempo.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "Aún hay tiempo hasta el {closes_on}: ¿cómo le va a {account}?",
            "Buenos días, {name}:\n\n"
            "Hace unos días le preguntamos cómo le va a {account}. Todavía no hemos recibido su respuesta, y su "
            "opinión cuenta. La encuesta está abierta hasta el {closes_on}.\n\n"
            "Si prefiere no responder, no tiene que hacer nada.\n\n"
            "Gracias por su tiempo.\n{owner}",
        ),
    },
    button="Responder a las preguntas",
    scores="Elija un número para empezar. No se envía nada hasta que pulse el botón del final.",
    until="Hasta el",
    asks="Recibe este mensaje porque trabaja con {organisation}.",
    leave="¿No quiere recibir más mensajes como este?",
)  # fmt: skip
ARABIC = MailLanguage(
    name="العربية",
    wordings={
        Kind.INVITATION: MailWording(
            "كيف تسير الأمور لدى {account}؟",
            "مرحباً {name}،\n\n"
            "نودّ أن نسمع منك كيف تسير الأمور لدى {account}: ما الذي ينجح، وما الذي لا ينجح، وما الذي ينبغي أن نفعله "
            "بعد ذلك. يمكنك ترك أي سؤال دون إجابة.\n\n"
            "يقرأ الفريق المسؤول عن حسابكم كل إجابة مع اسمك.\n\n"
            "شكراً لوقتك.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "ما زال هناك وقت حتى {closes_on}: كيف تسير الأمور لدى {account}؟",
            "مرحباً {name}،\n\n"
            "سألناك قبل بضعة أيام كيف تسير الأمور لدى {account}. لم يصلنا ردّك بعد، ورأيك مهم لنا. الاستبيان مفتوح حتى "
            "{closes_on}.\n\n"
            "إن كنت تفضّل عدم الإجابة فلا حاجة إلى فعل أي شيء.\n\n"
            "شكراً لوقتك.\n{owner}",
        ),
    },
    button="الإجابة عن الأسئلة",
    scores="اختر رقماً للبدء. لا يُرسل شيء قبل أن تضغط الزر في النهاية.",
    until="حتى",
    asks="وصلتك هذه الرسالة لأنك تعمل مع {organisation}.",
    leave="لا ترغب في تلقي مثل هذه الرسائل؟",
)  # fmt: skip

LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ar": ARABIC}
"""The languages that every study's mails speak, by their code."""


def base_of(language: str) -> str:
    """A language without its region: `pt-BR` is `pt`."""
    return language.replace("_", "-").split("-")[0].casefold()


def language_of(wanted: str | None, questionnaire: str, own: Collection[str]) -> str:
    """The language of a mail: the person's, else the questionnaire's, else English; whichever there are words in.

    `own` are the languages in which the study's owner wrote a text of that kind.
    """
    for asked in (wanted, questionnaire):
        for code in (asked, base_of(asked)) if asked else ():
            if code in own or code in LANGUAGES:
                return code
    return FALLBACK


def words_of(language: str) -> MailLanguage:
    """The fixed words of a language; English where there are none."""
    return LANGUAGES.get(language) or LANGUAGES.get(base_of(language)) or LANGUAGES[FALLBACK]


def anonymous_words_of(language: str) -> anonymous.AnonymousWords:
    """What mails of anonymous studies say in a language; English where there are no words in it."""
    known = anonymous.LANGUAGES
    return known.get(language) or known.get(base_of(language)) or known[FALLBACK]


def default_wording(language: str, kind: Kind, *, is_anonymous: bool = False) -> MailWording:
    """What a mail says in a language where nobody wrote anything else."""
    words = anonymous_words_of(language) if is_anonymous else words_of(language)
    return words.wordings[kind]
