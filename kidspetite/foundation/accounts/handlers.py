from kidspetite.foundation.accounts import messages, queries
from kidspetite.foundation.accounts.events import EnquiryReceived
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.plumbing.publishing import on


@on(EnquiryReceived)
def tell_staff(event: EnquiryReceived) -> None:
    """Hand the letter on to the shop's own address; without one it waits in the back office."""
    if to := content.shop_settings().email:
        notifications.send_message(messages.enquiry_received(queries.enquiry(event.enquiry_id), to))
