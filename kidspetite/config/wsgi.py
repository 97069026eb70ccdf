import os
from importlib import import_module
from threading import Thread

import structlog
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError

from kidspetite.faces.edge.charset import in_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

app = application = in_utf8(get_wsgi_application())  # `app` is the name that Vercel looks for


def _warm_up() -> None:
    """What the first visitors would wait for, done before this process takes them: the shelf read, the pages compiled,
    the addresses known. The words that searches use and the ZIPs follow beside the first of them.

    The imports stand here because they need the application that was just made.
    """
    from kidspetite.foundation.accounts.providers.zip_table import read_zips
    from kidspetite.foundation.ui.jinja import compile_pages
    from kidspetite.goods.catalog.queries import fill_shelf
    from kidspetite.journeys.discovery.queries import recall_words

    compile_pages()
    import_module(settings.ROOT_URLCONF)
    try:
        fill_shelf()
    except DatabaseError as error:  # the database may come up after us; the first list then reads the shelf
        structlog.get_logger().warning("warm_up_without_database", error=type(error).__name__)
    for recall in (recall_words, read_zips):
        Thread(target=recall, name=recall.__name__, daemon=True).start()


if not settings.DEBUG:
    _warm_up()
