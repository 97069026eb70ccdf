from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, Invalid, NotFound


class SettingsRefused(Invalid):
    """Facts of the shop that cannot be; `errors` name the fields."""

    code = "content.settings_refused"
    message = _("Some of the settings need another look. Nothing was changed.")


class AlreadyBegun(Conflict):
    """Settings that hold, or held, stay in the record."""

    code = "content.already_begun"
    message = _("These settings hold already, or did. They stay in the record; change them by new ones.")


class PageRefused(Invalid):
    """A page that cannot be kept; `errors` name the fields."""

    code = "content.page_refused"
    message = _("This page needs another look. Nothing was changed.")


class NoSuchPage(NotFound):
    code = "content.no_such_page"
    message = _("There is no page by this name.")
