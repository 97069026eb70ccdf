"""A test's shop that remembers its facts for a second, as shops that run do, for granian: a storm changes none."""

from django.conf import settings

from kidspetite.config.wsgi import application

__all__ = ["application"]

settings.FACTS_KEPT_SECONDS = 1.0
