"""Puts the page cache before an application, and starts what belongs to it."""

from __future__ import annotations

import structlog
from django.conf import settings

from kidspetite.faces.edge.pagecache.door import App, PageCache
from kidspetite.faces.edge.pagecache.ear import Ear
from kidspetite.faces.edge.pagecache.memory import forget_everything
from kidspetite.faces.edge.pagecache.store import Store
from kidspetite.faces.edge.pagecache.tally import Tally
from kidspetite.faces.edge.pagecache.warming import Rebuilder

access = structlog.get_logger("kidspetite.access")


def with_page_cache(app: App) -> App:
    """The application behind a page cache of its own, with its ear and its rebuilder; the bare one while developing,
    and where pages are not kept (PAGE_CACHE_MB=0). There the ear listens still: it feels the database's pulse."""
    if settings.DEBUG:
        return app
    store = Store(settings.PAGE_CACHE_BYTES)
    if not store.limit:
        Ear(store, forget=forget_everything).start()
        return app
    tally = Tally(store)
    door = PageCache(app, store, tally)
    rebuilder = Rebuilder(door.make_anew)
    door.rebuild = rebuilder.want
    rebuilder.start()
    Ear(
        store,
        forget=forget_everything,
        emptied=rebuilder.want_likeliest,
        beat=tally.tell,
        now_and_then=lambda: _log(tally),
    ).start()
    return door


def _log(tally: Tally) -> None:
    """One line for all kept answers of some seconds: a line for each would take longer than the answers."""
    if news := tally.news():
        access.info("kept_pages", **news)
