from kidspetite.foundation.notifications.rules import still_wanted
from kidspetite.foundation.vitals.messages import SPEED_GUARD
from kidspetite.foundation.vitals.queries import is_reader

still_wanted(SPEED_GUARD)(is_reader)
