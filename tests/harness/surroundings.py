"""The environment every test sees: the defaults, a test database, and nothing of the developer's own settings."""

import os

from kidspetite.config.env import Env
from tests.harness.database import TestRun

KEPT = {"KP_FULL"}


def settle(run: TestRun) -> None:
    """Set the environment; must happen before Django's settings are read."""
    for name in Env.model_fields:
        if name.upper() not in KEPT:
            os.environ.pop(name.upper(), None)
    (run.folder / run.worker / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without it
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kidspetite.config.settings",
        "DATABASE_URL": run.url(run.own_database),
        "KP_ENV_FILE": "none",
        "KP_QUIET": "1",
        "KP_TEST_DATABASE": "1",
        "KP_DATA_DIR": str(run.folder / run.worker),
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 3,
        "CRON_SECRET": "only-for-tests-cron",
        "BASE_URL": "http://testserver",
        "RATE_LIMITS": "off",
    }


def adjust_settings() -> None:
    """What tests need otherwise than the shop: a connection a thread instead of a pool, static files unhashed."""
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.VITALS_WRITTEN_AFTER_SECONDS = 3600.0  # not beside a test's transaction: a test says when
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
