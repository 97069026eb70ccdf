from kidspetite.foundation.accounts import messages, queries
from kidspetite.foundation.accounts.events import EnquiryReceived
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.events import TextsConfirmed
from kidspetite.foundation.plumbing.publishing import on


@on(EnquiryReceived)
def tell_staff(event: EnquiryReceived) -> None:
    """Hand the letter on to the shop's own address; without one it waits in the back office."""
    if to := content.shop_settings().email:
        notifications.send_message(messages.enquiry_received(queries.enquiry(event.enquiry_id), to))


@on(TextsConfirmed)
def welcome_phone(event: TextsConfirmed) -> None:
    consent = letters.consent(event.consent_id)
    if consent.given_at:
        text = messages.texts_welcome(consent.pk, consent.address, given_at=consent.given_at)
        notifications.send_message(text)
