import os

from django.core.wsgi import get_wsgi_application

from kidspetite.faces.edge.charset import in_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

app = application = in_utf8(get_wsgi_application())  # `app` is the name that Vercel looks for
