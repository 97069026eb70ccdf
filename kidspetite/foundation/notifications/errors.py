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
    """What claims to come from a mail provider is not signed by it, or cannot be read."""

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
