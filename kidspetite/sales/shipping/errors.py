from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kidspetite.foundation.kernel.errors import Conflict, FieldError, Invalid, NotFound


class UnknownCarrier(Invalid):
    code = "shipping.unknown_carrier"
    message = _("Choose one of the carriers we send with.")

    def __init__(self, *, carrier: str) -> None:
        super().__init__(errors=(FieldError("carrier", self.message),), carrier=carrier[:40])


class BadTrackingNumber(Invalid):
    """A tracking number that no label carries."""

    code = "shipping.bad_tracking_number"
    message = _("A tracking number has 4 to 40 letters and digits.")

    def __init__(self) -> None:
        super().__init__(errors=(FieldError("tracking_number", self.message),))


class TrackingNumberTaken(Conflict):
    """A label belongs to one parcel."""

    code = "shipping.tracking_number_taken"
    message = _("This tracking number is on another order's parcel. Check the label.")

    def __init__(self, *, order: str) -> None:
        super().__init__(errors=(FieldError("tracking_number", self.message),), order=order)


class NoSuchShipment(NotFound):
    code = "shipping.not_found"
    message = _("We have no such parcel.")
