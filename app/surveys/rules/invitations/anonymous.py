"""What the mails of anonymous studies say: nothing that would tie an answer to its reader."""

from dataclasses import dataclass

from app.surveys.rules.invitations.sending import Kind
from app.surveys.rules.invitations.texts import MailWording


@dataclass(frozen=True)
class AnonymousWords:
    """The words in one language; the `promise` stands in every mail, whatever else its owner wrote into it."""

    wordings: dict[Kind, MailWording]
    promise: str


ENGLISH = AnonymousWords(
    wordings={
        Kind.INVITATION: MailWording(
            "{first_name}, how are things going with us?",
            "Hello {name},\n\n"
            "we would like to hear how things are going: what works, what does not, and what we should do next. Leave "
            "out whatever you like.\n\n"
            "Thank you for your time.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "{first_name}, there is still time until {closes_on}",
            "Hello {name},\n\n"
            "some days ago we asked you how things are going. This mail goes to everybody whom we asked, because we "
            "cannot see who has answered: if you have already answered, thank you. The survey is open until "
            "{closes_on}.\n\n"
            "If you would rather not answer, there is nothing that you need to do.\n\n"
            "Thank you for your time.\n{owner}",
        ),
    },
    promise="Your answer is not tied to you: many people get this same link, and nobody can see who answered.",
)
GERMAN = AnonymousWords(
    wordings={
        Kind.INVITATION: MailWording(
            "Wie läuft es mit uns?",
            "Guten Tag, {name},\n\n"
            "wir möchten hören, wie es läuft: was gut ist, was nicht, und was wir als Nächstes tun sollten. Lassen Sie "
            "aus, was Sie möchten.\n\n"
            "Vielen Dank für Ihre Zeit.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "Noch bis {closes_on}: Wie läuft es mit uns?",
            "Guten Tag, {name},\n\n"
            "vor einigen Tagen haben wir Sie gefragt, wie es läuft. Diese E-Mail geht an alle, die wir gefragt haben, "
            "weil wir nicht sehen können, wer geantwortet hat: Wenn Sie schon geantwortet haben, vielen Dank. Die "
            "Umfrage ist bis {closes_on} offen.\n\n"
            "Wenn Sie lieber nicht antworten möchten, brauchen Sie nichts zu tun.\n\n"
            "Vielen Dank für Ihre Zeit.\n{owner}",
        ),
    },
    promise=(
        "Ihre Antwort ist nicht mit Ihnen verbunden: Viele erhalten denselben Link, und niemand kann sehen, wer "
        "geantwortet hat."
    ),
)
FRENCH = AnonymousWords(
    wordings={
        Kind.INVITATION: MailWording(
            "Comment cela se passe-t-il avec nous ?",
            "Bonjour {name},\n\n"
            "nous aimerions savoir comment cela se passe : ce qui marche, ce qui ne marche pas, et ce que nous "
            "devrions faire ensuite. Passez les questions que vous voulez.\n\n"
            "Merci de votre temps.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "Encore jusqu’au {closes_on} : votre avis compte",
            "Bonjour {name},\n\n"
            "il y a quelques jours, nous vous avons demandé comment cela se passe. Ce message est envoyé à toutes les "
            "personnes interrogées, car nous ne pouvons pas voir qui a répondu : si vous avez déjà répondu, merci. Le "
            "questionnaire est ouvert jusqu’au {closes_on}.\n\n"
            "Si vous préférez ne pas répondre, vous n’avez rien à faire.\n\n"
            "Merci de votre temps.\n{owner}",
        ),
    },
    promise=(
        "Votre réponse n’est pas liée à vous : beaucoup de personnes reçoivent ce même lien, et nul ne peut voir qui a "
        "répondu."
    ),
)
SPANISH = AnonymousWords(
    wordings={
        Kind.INVITATION: MailWording(
            "¿Cómo le va con nosotros?",
            "Buenos días, {name}:\n\n"
            "Nos gustaría saber cómo le va: qué funciona, qué no y qué deberíamos hacer ahora. Puede dejar sin "
            "responder lo que prefiera.\n\n"
            "Gracias por su tiempo.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "Aún hay tiempo hasta el {closes_on}: ¿cómo le va?",
            "Buenos días, {name}:\n\n"
            "Hace unos días le preguntamos cómo le va. Este mensaje se envía a todas las personas a las que "
            "preguntamos, porque no podemos ver quién ha respondido: si ya ha respondido, gracias. La encuesta está "
            "abierta hasta el {closes_on}.\n\n"
            "Si prefiere no responder, no tiene que hacer nada.\n\n"
            "Gracias por su tiempo.\n{owner}",
        ),
    },
    promise=(
        "Su respuesta no está vinculada con usted: muchas personas reciben este mismo enlace y nadie puede ver quién "
        "ha respondido."
    ),
)
ARABIC = AnonymousWords(
    wordings={
        Kind.INVITATION: MailWording(
            "كيف تسير الأمور معنا؟",
            "مرحباً {name}،\n\n"
            "نودّ أن نسمع كيف تسير الأمور: ما الذي ينجح، وما الذي لا ينجح، وما الذي ينبغي أن نفعله بعد ذلك. يمكنك ترك "
            "أي سؤال دون إجابة.\n\n"
            "شكراً لوقتك.\n{owner}",
        ),
        Kind.REMINDER: MailWording(
            "ما زال هناك وقت حتى {closes_on}: كيف تسير الأمور؟",
            "مرحباً {name}،\n\n"
            "سألناك قبل بضعة أيام كيف تسير الأمور. تُرسل هذه الرسالة إلى كل من سألناهم لأننا لا نستطيع أن نرى من أجاب: "
            "إن كنت قد أجبت فشكراً لك. الاستبيان مفتوح حتى {closes_on}.\n\n"
            "إن كنت تفضّل عدم الإجابة فلا حاجة إلى فعل أي شيء.\n\n"
            "شكراً لوقتك.\n{owner}",
        ),
    },
    promise="إجابتك غير مرتبطة بك: يتلقى كثيرون هذا الرابط نفسه، ولا يستطيع أحد أن يرى من أجاب.",
)

LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "ar": ARABIC}
"""The words by the code of their language: the same as every study's mails speak."""
