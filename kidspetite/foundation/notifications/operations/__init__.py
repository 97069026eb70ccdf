from kidspetite.foundation.notifications.operations.hearing import hear_news, take_news
from kidspetite.foundation.notifications.operations.sending import (
    deliver,
    deliver_waiting,
    send_again,
    send_message,
    withdraw_messages,
)

__all__ = [
    "deliver",
    "deliver_waiting",
    "hear_news",
    "send_again",
    "send_message",
    "take_news",
    "withdraw_messages",
]
