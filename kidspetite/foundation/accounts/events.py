from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnquiryReceived:
    """Somebody wrote to us through the contact form."""

    enquiry_id: int
