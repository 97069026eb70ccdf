from kidspetite.foundation.vitals.operations.counting import count_visit, forget_old, write_down
from kidspetite.foundation.vitals.operations.watching import choose_speed_news, note_slow_pages, tell_of_slow_pages

__all__ = [
    "choose_speed_news",
    "count_visit",
    "forget_old",
    "note_slow_pages",
    "tell_of_slow_pages",
    "write_down",
]
