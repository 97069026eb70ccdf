from kidspetite.foundation.notifications.operations.answering import (
    ask_texts,
    end_texts,
    hear_answer,
    hear_text_news,
    take_text_news,
)
from kidspetite.foundation.notifications.operations.consenting import (
    ask_consent,
    assume_consent,
    end_consent,
    give_consent,
    set_consent,
)
from kidspetite.foundation.notifications.operations.hearing import hear_news, take_news
from kidspetite.foundation.notifications.operations.sending import (
    deliver,
    deliver_waiting,
    send_again,
    send_copy,
    send_message,
    send_sample,
    withdraw_messages,
)
from kidspetite.foundation.notifications.operations.templating import check_templates, push_templates
from kidspetite.foundation.notifications.operations.texting import textable

__all__ = [
    "ask_consent",
    "ask_texts",
    "assume_consent",
    "check_templates",
    "deliver",
    "deliver_waiting",
    "end_consent",
    "end_texts",
    "give_consent",
    "hear_answer",
    "hear_news",
    "hear_text_news",
    "push_templates",
    "send_again",
    "send_copy",
    "send_message",
    "send_sample",
    "set_consent",
    "take_news",
    "take_text_news",
    "textable",
    "withdraw_messages",
]
