"""What mails say where nobody wrote anything else, in five languages, and the fixed words around every text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import MailWording

FALLBACK = "en"


@dataclass(frozen=True)
class MailLanguage:
    """The words of one language; `minutes` are those for one, two, three to ten and more minutes."""

    name: str
    months: tuple[str, ...]
    day: str
    wordings: dict[Kind, MailWording]
    button: str
    scores: str
    who: str
    long: str
    until: str
    minutes: tuple[str, str, str, str]
    asks: str
    leave: str
    leave_link: str
    team: str
    direction: str = "ltr"

    def day_words(self, value: date) -> str:
        """A date in words."""
        return self.day.format(day=value.day, month=self.months[value.month - 1], year=value.year)

    def minute_words(self, minutes: int) -> str:
        """How long it takes."""
        return self.minutes[0 if minutes == 1 else 1 if minutes == 2 else 2 if minutes <= 10 else 3].format(n=minutes)


ENGLISH = MailLanguage(
    name="English",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    day="{day} {month} {year}",
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
    who="Who asks",
    long="How long",
    until="Until",
    minutes=("About a minute", "About two minutes", "About {n} minutes", "About {n} minutes"),
    asks="You receive this mail because you work with {organisation}.",
    leave="You do not want such mails any more?",
    leave_link="Unsubscribe",
    team="our customer team",
)  # fmt: skip
GERMAN = MailLanguage(
    name="Deutsch",
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    day="{day}. {month} {year}",
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
    who="Wer fragt",
    long="Wie lange",
    until="Bis",
    minutes=("Etwa eine Minute", "Etwa zwei Minuten", "Etwa {n} Minuten", "Etwa {n} Minuten"),
    asks="Sie erhalten diese E-Mail, weil Sie mit {organisation} zusammenarbeiten.",
    leave="Sie möchten solche E-Mails nicht mehr?",
    leave_link="Abmelden",
    team="unser Kundenteam",
)  # fmt: skip
FRENCH = MailLanguage(
    name="Français",
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    day="{day} {month} {year}",
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
    who="Qui demande",
    long="Durée",
    until="Jusqu’au",
    minutes=("Environ une minute", "Environ deux minutes", "Environ {n} minutes", "Environ {n} minutes"),
    asks="Vous recevez ce message parce que vous travaillez avec {organisation}.",
    leave="Vous ne voulez plus recevoir de tels messages ?",
    leave_link="Se désinscrire",
    team="notre équipe clients",
)  # fmt: skip
SPANISH = MailLanguage(
    name="Español",
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    day="{day} de {month} de {year}",
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
    who="Quién pregunta",
    long="Duración",
    until="Hasta el",
    minutes=("Un minuto, más o menos", "Unos dos minutos", "Unos {n} minutos", "Unos {n} minutos"),
    asks="Recibe este mensaje porque trabaja con {organisation}.",
    leave="¿No quiere recibir más mensajes como este?",
    leave_link="Darse de baja",
    team="nuestro equipo de clientes",
)  # fmt: skip
ARABIC = MailLanguage(
    name="العربية",
    months=(
        "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
    ),
    day="{day} {month} {year}",
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
    who="من يسأل",
    long="المدة",
    until="حتى",
    minutes=("نحو دقيقة واحدة", "نحو دقيقتين", "نحو {n} دقائق", "نحو {n} دقيقة"),
    asks="وصلتك هذه الرسالة لأنك تعمل مع {organisation}.",
    leave="لا ترغب في تلقي مثل هذه الرسائل؟",
    leave_link="إلغاء الاشتراك",
    team="فريق العملاء لدينا",
    direction="rtl",
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


def default_wording(language: str, kind: Kind) -> MailWording:
    """What a mail says in a language where nobody wrote anything else."""
    return words_of(language).wordings[kind]
