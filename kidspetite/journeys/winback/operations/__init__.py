from kidspetite.journeys.winback.operations.choosing import choose_reminder, choose_reminders
from kidspetite.journeys.winback.operations.ending import forget_rounds, note_purchase
from kidspetite.journeys.winback.operations.reminding import remind_due
from kidspetite.journeys.winback.operations.restoring import put_back

__all__ = ["choose_reminder", "choose_reminders", "forget_rounds", "note_purchase", "put_back", "remind_due"]
