"""Django's settings. Everything that differs between machines comes from `env`; here is only wiring."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP

from kidspetite.config.env import ROOT, load_env
from kidspetite.config.logs import configure_logging
from kidspetite.foundation.plumbing.connections import refuse_closed
from kidspetite.foundation.plumbing.pulse import Line

env = load_env()

BASE_DIR = ROOT
DATA_DIR = env.data_dir
SECRET_KEY = env.reveal("secret_key")
DEBUG = env.debug
ALLOWED_HOSTS = env.hosts
BASE_URL = env.public_url
IS_PRODUCTION = env.is_production
SERVED_OVER_TLS = BASE_URL.startswith("https://")

ROOMS = [
    "foundation.plumbing",
    "foundation.media",
    "foundation.ui",
    "foundation.content",
    "foundation.notifications",
    "foundation.accounts",
    "foundation.vitals",
    "goods.catalog",
    "goods.inventory",
    "goods.pricing",
    "sales.cart",
    "sales.orders",
    "sales.payments",
    "sales.shipping",
    "journeys.discovery",
    "journeys.checkout",
    "journeys.winback",
    "faces.edge",
    "faces.api",
    "faces.storefront",
    "faces.backoffice",
    "faces.console",
]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "kidspetite.faces.backoffice.apps.ShopAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    *[f"kidspetite.{room}" for room in ROOMS],
]

MIDDLEWARE = [
    "kidspetite.faces.edge.middleware.RequestContext",  # request id, client, log line, 5xx page
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kidspetite.faces.edge.packing.PackPages",
    "kidspetite.faces.edge.speculation.Speculation",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "kidspetite.faces.edge.middleware.PolicyByPath",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kidspetite.faces.edge.limits.RateLimits",
    "kidspetite.faces.edge.middleware.BodyRules",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kidspetite.faces.edge.csrf.SameOriginCsrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kidspetite.faces.edge.shop_time.ShopTime",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kidspetite.faces.backoffice.door.StaffDoor",
    "kidspetite.faces.edge.middleware.CalmErrors",
]

ROOT_URLCONF = "kidspetite.config.urls"
WSGI_APPLICATION = "kidspetite.config.wsgi.application"
APPEND_SLASH = False
PROVIDERS = "kidspetite.config.providers.adapters"

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.csp",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "kidspetite.foundation.ui.jinja.Pages",
        "NAME": "jinja2",
        "DIRS": [
            ROOT / "kidspetite/faces/storefront/jinja2",
            ROOT / "kidspetite/faces/api/jinja2",
            ROOT / "kidspetite/foundation/ui/jinja2",
            ROOT / "kidspetite/foundation/notifications/jinja2",
        ],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kidspetite.foundation.ui.jinja.environment",
            # The shop's facts reach templates as `shop`, lazily; pages in the cache use nothing personal.
            "context_processors": ["kidspetite.faces.storefront.context.shop"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [ROOT / "kidspetite/faces/backoffice/templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]


# A lock that cannot be had within 3 s becomes Busy (503), never a hanging page.
# The plan of a statement that is kept is made once: those look rows up by their keys.
AT_START = {
    "lock_timeout": "3000",
    "idle_in_transaction_session_timeout": "60000",
    "statement_timeout": "30000",
    "plan_cache_mode": "force_generic_plan",
}
# A server that lost its power or its network says no good-bye: whoever waits for it is told within half a minute, and not
# when the kernel gives up after a quarter of an hour. Sockets of this machine need none of it and take no notice. Web
# processes know it sooner, and also of one whose kernel still takes what nobody reads (plumbing/pulse.py).
LINE = {
    "connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}  # fmt: skip


def database(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """One database from a postgresql:// address; `?host=/folder` names a socket, other parameters go to libpq.

    `pooled`: a pooler in transaction mode stands before it, so nothing may hang on a session: no options at its start
    (`migrate` gives them to the role instead), no cursors on the server, and statements are prepared only where the
    address says that the pooler can (`?prepare_threshold=2`).
    """
    parts = urlsplit(url)
    options: dict[str, Any] = {name: values[0] for name, values in parse_qs(parts.query).items()}
    host = options.pop("host", parts.hostname or "")
    threshold = options.pop("prepare_threshold", None if pooled else "2")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "kidspetite",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": False,  # the pool looks for itself, without a round trip
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
        "OPTIONS": {
            "application_name": "kidspetite",
            **LINE,
            # For the statements that are kept, see plumbing/recipes.py; others never are.
            "prepare_threshold": int(threshold) if threshold else None,
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10, "check": refuse_closed, "connection_class": Line},
            **({} if pooled else {"options": " ".join(f"-c {name}={value}" for name, value in AT_START.items())}),
            **options,
        },
        "TEST": {"TEMPLATE": "template0"},
    }


# Whoever names a way past a pooler has one.
IS_POOLED = bool(env.database_direct_url)
if env.database_url:
    DATABASES = {"default": database(env.reveal("database_url"), pooled=IS_POOLED)}
else:
    from kidspetite.foundation.plumbing.postgres import embedded_url

    DATABASES = {"default": database(embedded_url(env.data_dir))}
if env.database_replica_url:
    replica = database(env.reveal("database_replica_url"))
    # A replica that is away must not keep anybody waiting: the primary answers instead.
    replica["OPTIONS"] |= {"connect_timeout": 2, "pool": replica["OPTIONS"]["pool"] | {"timeout": 2}}
    replica["TEST"] = {"MIRROR": "default"}
    DATABASES["replica"] = replica
    DATABASE_ROUTERS = ["kidspetite.foundation.plumbing.replica.Router"]
    MIDDLEWARE.insert(1, "kidspetite.faces.edge.aside.ReadsAside")
# Tests switch the server's fsync off on purpose; nobody else may.
DURABILITY_NOT_NEEDED = env.kp_test_database

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/account"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kidspetite.faces.storefront.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS: dict[str, Any] = {} if env.rate_limits == "on" else False  # type: ignore[assignment]
SOCIALACCOUNT_PROVIDERS = (
    {"google": {"APPS": [{"client_id": env.google_client_id, "secret": env.reveal("google_client_secret")}]}}
    if env.google_client_id
    else {}
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the code before and the one after are good as well, each once: edge/app_codes.py
MFA_FORMS = {
    "authenticate": "kidspetite.faces.edge.app_codes.SignInCode",
    "reauthenticate": "kidspetite.faces.edge.app_codes.ConfirmingCode",
    "activate_totp": "kidspetite.faces.edge.app_codes.FirstCode",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
# Staff without a passkey or an authenticator app are sent to set one up; in development they may do without.
STAFF_NEEDS_SECOND_FACTOR = IS_PRODUCTION
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = 30 * 24 * 3600

SESSION_ENGINE = "kidspetite.faces.edge.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SESSION_COOKIE_NAME = "__Host-session" if SERVED_OVER_TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SERVED_OVER_TLS else "csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "kidspetite.faces.edge.csrf.failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if SERVED_OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED_OVER_TLS
SECURE_SSL_REDIRECT = SERVED_OVER_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.trusted_proxy_count else None
X_FRAME_OPTIONS = "DENY"
# security.W003 looks for Django's own CSRF middleware by its name; ours is a stricter subclass of it.
SILENCED_SYSTEM_CHECKS = ["security.W003"]
# The shop's own pages: nothing inline, nothing evaluated, nothing from elsewhere. Nonces only where a template asks.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MAX_PICTURE_BYTES = 30_000_000

# Unfold in the shop's colours (ui/css/tokens.css): paper, felt and pencil as the base, link for what can be pressed.
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Kids Petite",
    "SITE_HEADER": "Kids Petite",
    "SITE_SUBHEADER": "Back office",
    "SITE_URL": "/",
    "SITE_SYMBOL": "straighten",
    "SHOW_BACK_BUTTON": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "STYLES": ["kidspetite.faces.backoffice.look.stylesheet"],
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "kidspetite.faces.backoffice.look.favicon"},
    ],
    "COLORS": {
        "base": {
            "50": "oklch(95.7% .008 95)",
            "100": "oklch(93% .01 95)",
            "200": "oklch(88% .012 95)",
            "300": "oklch(80% .016 290)",
            "400": "oklch(70% .02 290)",
            "500": "oklch(52% .026 290)",
            "600": "oklch(44% .03 292)",
            "700": "oklch(37% .03 292)",
            "800": "oklch(31% .028 292)",
            "900": "oklch(24% .024 292)",
            "950": "oklch(20% .02 292)",
        },
        "primary": {
            "50": "oklch(96% .02 258)",
            "100": "oklch(93% .035 258)",
            "200": "oklch(88% .06 258)",
            "300": "oklch(80% .09 255)",
            "400": "oklch(72% .115 255)",
            "500": "oklch(58% .14 258)",
            "600": "oklch(47.5% .15 258)",
            "700": "oklch(41% .14 258)",
            "800": "oklch(35% .12 258)",
            "900": "oklch(30% .1 258)",
            "950": "oklch(24% .08 258)",
        },
    },
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": []},
}

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "American English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = env.data_dir / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env.media_folder
# Where pictures lie instead of MEDIA_ROOT; empty without S3_BUCKET.
MEDIA_BUCKET: dict[str, str] = {}
# What the addresses of pictures begin with: this shop, or the network before the bucket.
PICTURES_URL = MEDIA_URL
if env.s3_bucket:
    MEDIA_BUCKET = {
        "name": env.s3_bucket,
        "region": env.s3_region,
        "endpoint": env.s3_endpoint_url or "",
        "key": env.s3_access_key_id or "",
        "secret": env.reveal("s3_secret_access_key"),
    }
    if env.s3_public_base_url:
        PICTURES_URL = f"{env.s3_public_base_url.rstrip('/')}/"
        SECURE_CSP["img-src"].append(PICTURES_URL)
STATICFILES_FINDERS = [
    "kidspetite.foundation.ui.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "kidspetite.foundation.ui.stylesheet.HashedFiles"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_MAX_AGE = 3600
# A browser takes rules about prefetching under no other name.
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
if env.redis_url:
    CACHES = {
        "default": {
            "BACKEND": "kidspetite.foundation.plumbing.valkey.ForgivingCache",
            "LOCATION": env.reveal("redis_url"),
        }
    }

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_from

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None  # plumbing finds them in ready(); see its apps.py
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 5, "stalled_worker_timeout": 15, "delete_jobs": "never"}
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 2 * 24 * 3600}

RESERVATION_TTL_SECONDS = env.reservation_ttl_seconds
RATE_HOLD_PIECES = env.rate_hold_pieces
PAYMENT_RECONCILE_SECONDS = env.payment_reconcile_seconds
PROVIDER_TIMEOUT_SECONDS = env.provider_timeout_seconds
REMINDERS_HELD_OUT_PERCENT = env.reminders_held_out_percent
PAYMENT_CAPTURE = env.payment_capture
APPLE_PAY_DOMAIN_FILE = env.apple_pay_domain_file
STRIPE_PUBLISHABLE_KEY = env.stripe_publishable_key or ""
TRUSTED_PROXY_COUNT = env.trusted_proxy_count
CRON_SECRET = env.reveal("cron_secret")
SMS_COUNTRIES = dict(env.sms_countries.rows)
SMS_DAILY_PER_NUMBER = env.sms_daily_per_number
SMS_DAILY_SEGMENTS = int(env.sms_daily_budget_usd / env.sms_segment_price_usd)
SMS_QUIET_HOURS = env.sms_quiet_hours
LANGUAGE_MODELS = {"OPENAI_MODEL": env.openai_model, "OPENAI_MODEL_LARGE": env.openai_model_large}
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxy_count
RATE_LIMITS_ON = env.rate_limits == "on"
RATE_CLASSES = ("browse", "search", "cart", "checkout", "codes", "signin", "address", "api")
RATES = {name: getattr(env, f"rate_{name}") for name in RATE_CLASSES}
REDIS_URL = env.reveal("redis_url")
VITALS_SAMPLE_PERCENT = env.vitals_sample_percent
# Visits are counted in memory and written down together, so that a busy shop writes no more often than a quiet one.
VITALS_WRITTEN_AFTER_SECONDS = 1.0 if env.kp_test_database else 5.0
PAGE_CACHE_BYTES = env.page_cache_mb * 1_000_000
# LISTEN and the workers' own lines need sessions; None is DATABASE_URL.
LISTEN_DATABASE = database(env.reveal("database_direct_url")) if env.database_direct_url else None
# A shared page that looks at its visitor fails loudly here; in production it is merely not shared.
STRICT_CACHING = env.debug or env.kp_test_database
# Rates, tax rules and shop settings are asked for this seldom where prices are worked out; tests change them at once.
FACTS_KEPT_SECONDS = 0.0 if env.kp_test_database else 1.0

configure_logging(pretty=False)
LOGGING_CONFIG = None
