from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Invalid, NotFound, Unavailable


class EnquiryIncomplete(Invalid):
    """Something is missing before we can answer; `errors` name the fields."""

    code = "accounts.enquiry_incomplete"
    message = _("We need a little more before we can answer.")


class AddressIncomplete(Invalid):
    """An address lacks a part; `errors` name the fields."""

    code = "accounts.address_incomplete"
    message = _("The address needs another look.")


class NoSuchAddress(NotFound):
    code = "accounts.no_such_address"
    message = _("This address is not in your book.")


class AddressesUnavailable(Unavailable):
    """The checker did not answer, or not in words we know. Callers go on without it."""

    code = "accounts.addresses_unavailable"
    message = _("Addresses cannot be looked up right now.")


class NoSuchEnquiry(NotFound):
    code = "accounts.no_such_enquiry"
    message = _("There is no such letter.")
