import gc
import os
from collections.abc import Callable
from importlib import import_module
from threading import Thread

from django.conf import settings

from kidspetite.faces.edge.charset import in_utf8
from kidspetite.faces.edge.handler import shop_application
from kidspetite.faces.edge.leaving import polite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

_shop = in_utf8(shop_application())


def _warm_up() -> None:
    """What the first visitors would wait for, done before this process takes them: the shelf read, the pages compiled,
    the addresses known. The words that searches use and the ZIPs follow beside the first of them.

    The imports stand here because they need the application that was just made.
    """
    from kidspetite.foundation.accounts.rules import read_zips
    from kidspetite.foundation.ui.jinja import compile_pages
    from kidspetite.goods.catalog.queries import fill_shelf
    from kidspetite.journeys.discovery.queries import recall_words

    fill_shelf()
    compile_pages()
    import_module(settings.ROOT_URLCONF)
    for recall in (recall_words, read_zips):
        Thread(target=_recall_and_keep, args=(recall,), name=recall.__name__, daemon=True).start()


def _recall_and_keep(recall: Callable[[], object]) -> None:
    recall()
    keep_for_good()


def keep_for_good() -> None:
    """What is there now stays for as long as the process does, so nobody has to wait while it is looked through for
    garbage: a full collection took a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


if not settings.DEBUG:
    _warm_up()

_short = import_module("kidspetite.faces.edge.short_way").with_short_way(_shop)
# `app` is the name that Vercel looks for. Imported here, for the rooms are there only now that Django is ready.
app = application = polite(import_module("kidspetite.faces.edge.pagecache.wiring").with_page_cache(_short))
if not settings.DEBUG:
    keep_for_good()
