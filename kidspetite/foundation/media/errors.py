from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Invalid, Unavailable


class NotAPicture(Invalid):
    """The bytes are no JPEG, PNG, WebP, AVIF or HEIC, whatever their name says, or they break off."""

    code = "media.not_a_picture"
    message = _("We could not read this as a photo. Send a JPEG, PNG, WebP, AVIF or HEIC file.")


class PictureTooLarge(Invalid):
    """More bytes or more pixels than we take; facts name the limits."""

    code = "media.too_large"
    message = _("This photo is too large. Send one of at most 30 MB and 60 megapixels.")


class StoreUnreachable(Unavailable):
    """The bucket that holds the pictures does not answer, or refuses our key. Asking again later is harmless."""

    code = "media.store_unreachable"
    message = _("Pictures cannot be reached just now. Try again in a minute.")
