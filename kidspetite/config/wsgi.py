import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")

app = application = get_wsgi_application()  # `app` is the name that Vercel looks for
