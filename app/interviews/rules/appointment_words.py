"""What mails about an appointment say, in five languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.interviews.rules.meeting import Way

FALLBACK = "en"


class Kind(StrEnum):
    """What a mail about an appointment does; the last one goes to the interviewer, all others to the contact."""

    INVITATION = "invitation"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    INTERVIEWER = "interviewer"


@dataclass(frozen=True)
class Words:
    """One language; names in braces are filled in."""

    subjects: Mapping[Kind, str]
    openings: Mapping[Kind, str]
    ways: Mapping[Way, str]
    summary: str
    greeting: str
    when: str
    utc: str
    before: str
    how: str
    long: str
    minutes: str
    whom: str
    change: str
    nothing: str
    regards: str
    team: str


ENGLISH = Words(
    subjects={
        Kind.INVITATION: "Our conversation on {when}",
        Kind.CHANGE: "Changed: our conversation on {when}",
        Kind.CANCELLATION: "Cancelled: our conversation on {when}",
        Kind.REMINDER: "Reminder: our conversation on {when}",
    },
    openings={
        Kind.INVITATION: "thank you for taking the time to talk with {interviewer} about how things are going for "
        "{account}. This is what we agreed:",
        Kind.CHANGE: "our conversation about how things are going for {account} has changed. What counts now:",
        Kind.CANCELLATION: "our conversation about how things are going for {account} does not take place. This "
        "appointment is cancelled:",
        Kind.REMINDER: "we look forward to our conversation about how things are going for {account}:",
    },
    ways={Way.PHONE: "By phone", Way.FACE_TO_FACE: "Face to face", Way.VIDEO: "By video"},
    summary="Conversation with {organisation}",
    greeting="Hello {name},",
    when="When",
    utc="In UTC",
    before="Before, no longer valid",
    how="How",
    long="How long",
    minutes="{minutes} minutes",
    whom="With",
    change="If this does not suit you, reply to this mail and we will find another time.",
    nothing="There is nothing that you need to do.",
    regards="Kind regards,",
    team="our customer team",
)
GERMAN = Words(
    subjects={
        Kind.INVITATION: "Unser Gespräch am {when}",
        Kind.CHANGE: "Geändert: unser Gespräch am {when}",
        Kind.CANCELLATION: "Abgesagt: unser Gespräch am {when}",
        Kind.REMINDER: "Erinnerung: unser Gespräch am {when}",
    },
    openings={
        Kind.INVITATION: "vielen Dank, dass Sie sich Zeit nehmen, um mit {interviewer} darüber zu sprechen, wie es "
        "für {account} läuft. Das haben wir vereinbart:",
        Kind.CHANGE: "unser Gespräch darüber, wie es für {account} läuft, hat sich geändert. Jetzt gilt:",
        Kind.CANCELLATION: "unser Gespräch darüber, wie es für {account} läuft, findet nicht statt. Dieser Termin ist "
        "abgesagt:",
        Kind.REMINDER: "wir freuen uns auf unser Gespräch darüber, wie es für {account} läuft:",
    },
    ways={Way.PHONE: "Am Telefon", Way.FACE_TO_FACE: "Persönlich", Way.VIDEO: "Per Video"},
    summary="Gespräch mit {organisation}",
    greeting="Guten Tag, {name},",
    when="Wann",
    utc="In UTC",
    before="Bisher, gilt nicht mehr",
    how="Wie",
    long="Wie lange",
    minutes="{minutes} Minuten",
    whom="Mit",
    change="Passt Ihnen das nicht, antworten Sie auf diese E-Mail, und wir finden einen anderen Termin.",
    nothing="Sie müssen nichts weiter tun.",
    regards="Freundliche Grüße",
    team="unser Kundenteam",
)
FRENCH = Words(
    subjects={
        Kind.INVITATION: "Notre entretien du {when}",
        Kind.CHANGE: "Modifié : notre entretien du {when}",
        Kind.CANCELLATION: "Annulé : notre entretien du {when}",
        Kind.REMINDER: "Rappel : notre entretien du {when}",
    },
    openings={
        Kind.INVITATION: "merci de prendre le temps de parler avec {interviewer} de la façon dont les choses se "
        "passent pour {account}. Voici ce dont nous sommes convenus :",
        Kind.CHANGE: "notre entretien sur la façon dont les choses se passent pour {account} a changé. Ce qui vaut "
        "désormais :",
        Kind.CANCELLATION: "notre entretien sur la façon dont les choses se passent pour {account} n’aura pas lieu. Ce "
        "rendez-vous est annulé :",
        Kind.REMINDER: "nous nous réjouissons de notre entretien sur la façon dont les choses se passent pour "
        "{account} :",
    },
    ways={Way.PHONE: "Par téléphone", Way.FACE_TO_FACE: "En personne", Way.VIDEO: "Par vidéo"},
    summary="Entretien avec {organisation}",
    greeting="Bonjour {name},",
    when="Quand",
    utc="En UTC",
    before="Auparavant, n’est plus valable",
    how="Comment",
    long="Durée",
    minutes="{minutes} minutes",
    whom="Avec",
    change="Si cela ne vous convient pas, répondez à ce message et nous trouverons un autre moment.",
    nothing="Vous n’avez rien d’autre à faire.",
    regards="Cordialement,",
    team="notre équipe clients",
)
SPANISH = Words(
    subjects={
        Kind.INVITATION: "Nuestra conversación del {when}",
        Kind.CHANGE: "Cambio: nuestra conversación del {when}",
        Kind.CANCELLATION: "Cancelada: nuestra conversación del {when}",
        Kind.REMINDER: "Recordatorio: nuestra conversación del {when}",
    },
    openings={
        Kind.INVITATION: "gracias por dedicar su tiempo a hablar con {interviewer} de cómo van las cosas para "
        "{account}. Esto es lo que acordamos:",
        Kind.CHANGE: "nuestra conversación sobre cómo van las cosas para {account} ha cambiado. Lo que vale ahora:",
        Kind.CANCELLATION: "nuestra conversación sobre cómo van las cosas para {account} no tendrá lugar. Esta cita "
        "queda cancelada:",
        Kind.REMINDER: "esperamos con interés nuestra conversación sobre cómo van las cosas para {account}:",
    },
    ways={Way.PHONE: "Por teléfono", Way.FACE_TO_FACE: "En persona", Way.VIDEO: "Por vídeo"},
    summary="Conversación con {organisation}",
    greeting="Hola, {name}:",
    when="Cuándo",
    utc="En UTC",
    before="Antes, ya no es válido",
    how="Cómo",
    long="Duración",
    minutes="{minutes} minutos",
    whom="Con",
    change="Si no le viene bien, responda a este mensaje y buscaremos otro momento.",
    nothing="No tiene que hacer nada más.",
    regards="Un cordial saludo,",
    team="nuestro equipo de clientes",
)
ARABIC = Words(
    subjects={
        Kind.INVITATION: "محادثتنا يوم {when}",
        Kind.CHANGE: "تغيير: محادثتنا يوم {when}",
        Kind.CANCELLATION: "إلغاء: محادثتنا يوم {when}",
        Kind.REMINDER: "تذكير: محادثتنا يوم {when}",
    },
    openings={
        Kind.INVITATION: "نشكركم على تخصيص وقت للحديث مع {interviewer} عن سير الأمور لدى {account}. "
        "هذا ما اتفقنا عليه:",
        Kind.CHANGE: "تغيّرت محادثتنا عن سير الأمور لدى {account}. الموعد المعتمد الآن:",
        Kind.CANCELLATION: "لن تُعقد محادثتنا عن سير الأمور لدى {account}. أُلغي هذا الموعد:",
        Kind.REMINDER: "نتطلع إلى محادثتنا عن سير الأمور لدى {account}:",
    },
    ways={Way.PHONE: "بالهاتف", Way.FACE_TO_FACE: "وجهًا لوجه", Way.VIDEO: "بالفيديو"},
    summary="محادثة مع {organisation}",
    greeting="مرحبًا {name}،",
    when="الموعد",
    utc="بالتوقيت العالمي",
    before="السابق، لم يعد ساريًا",
    how="الطريقة",
    long="المدة",
    minutes="{minutes} دقيقة",
    whom="مع",
    change="إذا لم يناسبكم ذلك فأجيبوا عن هذه الرسالة لنجد موعدًا آخر.",
    nothing="لا يلزمكم فعل أي شيء آخر.",
    regards="مع أطيب التحيات،",
    team="فريق العملاء لدينا",
)
LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ar": ARABIC}


def language_of(wish: str | None) -> str:
    """Return the language of ours that a contact's language means: the whole, its base, else English."""
    base = (wish or "").strip().replace("_", "-").split("-")[0].casefold()
    return base if base in LANGUAGES else FALLBACK
