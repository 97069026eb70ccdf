from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class PostUnreachable(Unavailable):
    """No answer from the mail server; whether it took the letter is not known. Tried again later."""

    code = "notifications.post_unreachable"
    message = _("The mail server does not answer. The letter waits and is sent later.")


class PostRefused(Invalid):
    """The mail server does not take this letter, and will not later either."""

    code = "notifications.post_refused"
    message = _("The mail server does not take this letter.")


class NotAnAddress(Invalid):
    """A letter cannot go to what is not a mail address."""

    code = "notifications.not_an_address"
    message = _("That is not a mail address.")


class NewsRefused(Invalid):
    """What claims to come from a provider of mail or texts is not signed by it, or cannot be read."""

    code = "notifications.news_refused"
    message = _("The signature does not match.")
    status = 400


class LinkUnknown(NotFound):
    """A link that we did not write, or that is too old."""

    code = "notifications.link_unknown"
    message = _("This link has run out. Ask once more, and a new one comes by mail.")


class NotSentYet(Conflict):
    """A letter that has not left can be sent once more by nobody: it waits, failed, or was kept back."""

    code = "notifications.not_sent_yet"
    message = _("That letter has not left yet. One that failed is sent again under Repairs.")


class NoTemplates(Conflict):
    """Nobody is wired who keeps templates of letters."""

    code = "notifications.no_templates"
    message = _("Templates are kept by SendGrid only: set SENDGRID_API_KEY first.")


class NoSuchKind(NotFound):
    """The shop writes no letter of this kind. Facts: `kind`, `known`."""

    code = "notifications.no_such_kind"
    message = _("The shop writes no such letter.")


class TemplatesRefused(Invalid):
    """The keeper of templates does not take or have this one. Facts: `answer`."""

    code = "notifications.templates_refused"
    message = _("SendGrid does not take this template.")


class TextUnanswered(PostUnreachable):
    """No answer from the provider of texts; whether it took the text is not known. Asked and tried again later."""

    code = "notifications.text_unanswered"
    message = _("The provider of texts does not answer. The text waits and is sent later.")


class TextRefused(PostRefused):
    """The provider of texts does not take this one, and will not later either."""

    code = "notifications.text_refused"
    message = _("The provider of texts does not take this one.")


class NumberStopped(TextRefused):
    """The provider knows that this phone answered STOP, perhaps before we do."""

    code = "notifications.number_stopped"
    message = _("This phone answered STOP to our texts.")


class NumberGetsNoTexts(TextRefused):
    """There is no such number, or it is a landline."""

    code = "notifications.number_gets_no_texts"
    message = _("This number gets no texts.")


class NotAPhone(Invalid):
    """A text cannot go to what is not a number of a mobile phone, or is in a country to which we send none."""

    code = "notifications.not_a_phone"
    message = _("We text mobile phones in the US only. Is a digit missing?")


class TooManyNumbers(Conflict):
    """Somebody has asked for texts to many numbers today; each of them would cost its owner's patience, and us."""

    code = "notifications.too_many_numbers"
    message = _("That is enough numbers for one day. Try again tomorrow.")
