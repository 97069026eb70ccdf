"""Every setting of the shop that comes from outside, typed and documented in one class.

`load_env()` reads it once a process; `read_env()` reads it afresh and also gives the notes worth a warning.
"""

import os
import re
import secrets
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]

OFFICE = "your own choice"
HOST = "your hosting provider"
PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds, written as `60/minute`."""

    count: int
    seconds: int

    @classmethod
    def parse(cls, text: "str | Rate") -> "Rate":
        if isinstance(text, Rate):
            return text
        match = re.fullmatch(r"\s*([1-9]\d{0,8})\s*/\s*(second|minute|hour|day)\s*", str(text))
        if not match:
            raise ValueError("not a rate")
        return cls(int(match[1]), PERIODS[match[2]])

    def __str__(self) -> str:
        period = next(name for name, seconds in PERIODS.items() if seconds == self.seconds)
        return f"{self.count}/{period}"


@dataclass(frozen=True)
class Caps:
    """So many of something for each country, written as `US:4000,PR:200`."""

    rows: tuple[tuple[str, int], ...]

    @classmethod
    def parse(cls, text: "str | Caps") -> "Caps":
        if isinstance(text, Caps):
            return text
        rows = [re.fullmatch(r"\s*([A-Z]{2})\s*:\s*(\d{1,9})\s*", part) for part in str(text).split(",")]
        if not all(rows):
            raise ValueError("not a list of countries")
        return cls(tuple((row[1], int(row[2])) for row in rows if row))

    def __str__(self) -> str:
        return ",".join(f"{country}:{most}" for country, most in self.rows)


def _quiet_hours(value: str) -> str:
    match = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value)
    if not match or value[:5] == value[6:]:
        raise ValueError("not two times")
    return value


def _http_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http address")
    return value.rstrip("/")


def _with_scheme(*schemes: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if parts.scheme not in schemes:
            raise ValueError("another scheme is needed")
        return value

    return AfterValidator(check)


def _comma_list(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _sender(value: str) -> str:
    match = re.fullmatch(r"(?:[^<>\r\n]+ )?<?([^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>?", value)
    if not match:
        raise ValueError("not a sender")
    return value


HttpAddress = Annotated[str, AfterValidator(_http_address)]
DatabaseUrl = Annotated[SecretStr, _with_scheme("postgres", "postgresql")]
RedisUrl = Annotated[SecretStr, _with_scheme("redis", "rediss", "valkey", "valkeys")]
SmtpUrl = Annotated[SecretStr, _with_scheme("smtp", "smtps", "smtp+tls")]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_list)]
RateText = Annotated[Rate, NoDecode, BeforeValidator(Rate.parse)]
CapsText = Annotated[Caps, NoDecode, BeforeValidator(Caps.parse)]
QuietHours = Annotated[str, AfterValidator(_quiet_hours)]
Sender = Annotated[str, AfterValidator(_sender)]
TemplateId = Annotated[str | None, Field(pattern=r"^d-[0-9a-f]{32}$")]
Seconds = Annotated[int, Field(ge=1, le=366 * 86400)]


def setting(default: Any, what: str, expected: str, *, where: str = OFFICE, note: str = "") -> Any:
    """One line of the environment: its default, what it is for, what a good value looks like and who gives it out."""
    return Field(
        default=default, description=what, json_schema_extra={"expected": expected, "where": where, "note": note}
    )


def _template(kind: str) -> Any:
    return setting(
        None, f"SendGrid's dynamic template for the letter {kind}; without it the shop's own paper serves.",
        "d- and 32 hexadecimal digits", where="./shop sendgrid_templates push",
    )  # fmt: skip


class Env(BaseSettings):
    """All settings from the environment and `.env`; the environment wins. Secrets show as asterisks in any print."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", env_file_encoding="utf-8", frozen=True, hide_input_in_errors=True
    )

    # --- The shop
    kp_env: Literal["development", "production"] = setting(
        "development", "Where this runs; production refuses unsafe values.", "development or production"
    )
    debug: bool = setting(False, "Show error details to the visitor; never in production.", "0 or 1")
    secret_key: SecretStr | None = setting(
        None,
        "Signs sessions and links. Development makes one in .shop/secret-key.",
        "at least 50 random characters",
        where="python -c 'import secrets; print(secrets.token_urlsafe(48))'",
    )
    base_url: HttpAddress | None = setting(
        None,
        "The shop's public address, used in mails and feeds. Development uses http://127.0.0.1:PORT.",
        "an address such as https://shop.example, without a path",
        where="your domain",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = setting(8000, "Port of the web server.", "a number from 1 to 65535")
    allowed_hosts: Names = setting(
        (),
        "Names the shop answers to, separated by commas. Empty: the host of BASE_URL; development adds this machine.",
        "host names separated by commas, no '*' in production",
        where="your domain",
    )
    trusted_proxy_count: Annotated[int, Field(ge=0, le=10)] = setting(
        0,
        "How many proxies of yours stand before the shop; only their X-Forwarded-For entries are believed.",
        "a number from 0 to 10",
        where=HOST,
    )
    cron_secret: SecretStr | None = setting(
        None,
        "Bearer secret of the scheduled calls under /api/cron.",
        "at least 16 random characters",
        where="python -c 'import secrets; print(secrets.token_urlsafe(24))'",
    )
    kp_allow_sandbox: bool = setting(
        False, "Let production start with the sandbox gateway, which takes no money (previews, demos).", "0 or 1"
    )
    kp_data_dir: Path = setting(
        Path(".shop"), "Folder of the embedded database, media and stamps; relative to the project.", "a folder"
    )
    kp_env_file: str = setting(
        ".env", "File with more settings, relative to the project; 'none' reads no file.", "a file name or none"
    )
    kp_full: bool = setting(False, "Tests run the large counts (./shop test --full sets it).", "0 or 1")
    kp_test_database: bool = setting(
        False, "The database is a throw-away of the tests, so it need not be durable.", "0 or 1"
    )
    kp_quiet: bool = setting(False, "Keep warnings about settings to yourself (set for child processes).", "0 or 1")

    # --- Data
    database_url: DatabaseUrl | None = setting(
        None,
        "PostgreSQL 16 or newer. Empty in development: an embedded server in KP_DATA_DIR.",
        "postgresql://user:password@host:5432/name",
        where="your database provider",
    )
    database_replica_url: DatabaseUrl | None = setting(
        None,
        "A streaming replica that answers the catalogue's reads; the primary does while it lags or is away.",
        "postgresql://user:password@host:5432/name",
        where="your database provider",
    )
    database_direct_url: DatabaseUrl | None = setting(
        None,
        "The same database past a connection pooler (PgBouncer), for listening and for workers. Empty: no pooler.",
        "postgresql://user:password@host:5432/name",
        where="your database provider",
    )
    page_cache_mb: Annotated[int, Field(ge=0, le=16_384)] = setting(
        32, "Memory for kept pages, in every web process; 0 keeps none.", "megabytes, 0 to 16384"
    )
    vitals_sample_percent: Annotated[int, Field(ge=0, le=100)] = setting(
        100,
        "Of how many of a hundred visits the browser tells how fast the page felt; 0 asks none.",
        "a number from 0 to 100",
        note="A busy shop needs only a few for the same figures.",
    )
    redis_url: RedisUrl | None = setting(
        None,
        "Redis or Valkey for cache and rate limits when several web nodes run.",
        "redis://:password@host:6379/0",
        where="your hosting provider",
    )
    media_root: Path | None = setting(
        None, "Folder of uploaded and drawn pictures. Empty: KP_DATA_DIR/media.", "a folder the shop may write to"
    )

    # --- Files in S3-compatible storage
    s3_bucket: str | None = setting(
        None, "Bucket for pictures, instead of MEDIA_ROOT.", "a bucket name", where="your storage provider"
    )
    s3_region: str = setting("us-east-1", "Region of the bucket.", "a region name", where="your storage provider")
    s3_endpoint_url: HttpAddress | None = setting(
        None, "Address of S3-compatible storage other than AWS.", "an https address", where="your storage provider"
    )
    s3_access_key_id: str | None = setting(None, "Access key.", "an access key id", where="your storage provider")
    s3_secret_access_key: SecretStr | None = setting(
        None, "Secret of the access key.", "a secret", where="your storage provider"
    )
    s3_public_base_url: HttpAddress | None = setting(
        None,
        "Public address of the bucket or its CDN, which pages then name; else the shop hands pictures out itself.",
        "an https address",
        where="your storage provider",
    )

    # --- Stripe
    stripe_secret_key: SecretStr | None = setting(
        None, "Takes cards and wallets.", "sk_live_… or sk_test_…", where="https://dashboard.stripe.com/apikeys"
    )
    stripe_publishable_key: str | None = setting(
        None, "Stripe's key for the browser.", "pk_live_… or pk_test_…", where="https://dashboard.stripe.com/apikeys"
    )
    stripe_webhook_secret: SecretStr | None = setting(
        None, "Checks the signature of Stripe's messages.", "whsec_…", where="https://dashboard.stripe.com/webhooks"
    )
    stripe_api_base: HttpAddress = setting("https://api.stripe.com", "Stripe's address.", "an https address")

    stripe_tax: Literal["on", "off"] = setting(
        "off",
        "Ask Stripe Tax for local rates in the states where the shop collects; off, or without Stripe's keys, the "
        "state's own rate is an estimate.",
        "on or off; on needs Stripe Tax with a registration in each of those states",
        where="https://dashboard.stripe.com/tax",
    )
    stripe_tax_code: str = setting(
        "txcd_30011000",
        "What we sell, in Stripe's categories (clothing and footwear).",
        "a code such as txcd_30011000",
        where="https://docs.stripe.com/tax/tax-codes",
    )

    apple_pay_domain_file: Path | None = setting(
        None,
        "The file that proves this domain to Apple Pay, served under /.well-known/.",
        "a file",
        where="https://dashboard.stripe.com/settings/payment_method_domains",
    )
    payment_capture: Literal["at_once", "at_shipping"] = setting(
        "at_once", "When a card is charged: with the order, or when its parcel leaves.", "at_once or at_shipping"
    )

    # --- PayPal
    paypal_client_id: str | None = setting(
        None, "PayPal app.", "the client id", where="https://developer.paypal.com/dashboard/applications"
    )
    paypal_client_secret: SecretStr | None = setting(
        None, "Secret of the PayPal app.", "the secret", where="https://developer.paypal.com/dashboard/applications"
    )
    paypal_webhook_id: str | None = setting(
        None, "Checks the signature of PayPal's messages.", "the webhook id", where="the app's page, section Webhooks"
    )
    paypal_api_base: HttpAddress = setting(
        "https://api-m.paypal.com",
        "PayPal's address (https://api-m.sandbox.paypal.com for trials).",
        "an https address",
    )

    # --- Mail
    sendgrid_api_key: SecretStr | None = setting(
        None, "Sends mail through SendGrid.", "SG.…", where="https://app.sendgrid.com/settings/api_keys"
    )
    sendgrid_api_base: HttpAddress = setting("https://api.sendgrid.com", "SendGrid's address.", "an https address")
    sendgrid_webhook_public_key: str | None = setting(
        None,
        "Checks the signature of SendGrid's delivery events.",
        "the verification key",
        where="https://app.sendgrid.com/settings/mail_settings, Event Webhook",
    )
    sendgrid_template_order_confirmation: TemplateId = _template("order-confirmation")
    sendgrid_template_order_shipped: TemplateId = _template("order-shipped")
    sendgrid_template_order_delivered: TemplateId = _template("order-delivered")
    sendgrid_template_order_cancelled: TemplateId = _template("order-cancelled")
    sendgrid_template_order_refunded: TemplateId = _template("order-refunded")
    sendgrid_template_order_readdressed: TemplateId = _template("order-readdressed")
    sendgrid_template_payment_failed: TemplateId = _template("payment-failed")
    sendgrid_template_wait_confirmation: TemplateId = _template("wait-confirmation")
    sendgrid_template_back_in_stock: TemplateId = _template("back-in-stock")
    sendgrid_template_low_stock: TemplateId = _template("low-stock")
    sendgrid_template_welcome: TemplateId = _template("welcome")
    sendgrid_template_email_verification: TemplateId = _template("email-verification")
    sendgrid_template_password_reset: TemplateId = _template("password-reset")
    sendgrid_template_unknown_account: TemplateId = _template("unknown-account")
    sendgrid_template_account_exists: TemplateId = _template("account-exists")
    sendgrid_template_account_changed: TemplateId = _template("account-changed")
    sendgrid_template_newsletter_confirmation: TemplateId = _template("newsletter-confirmation")
    sendgrid_template_reminder_first: TemplateId = _template("reminder-first")
    sendgrid_template_reminder_second: TemplateId = _template("reminder-second")
    sendgrid_template_reminder_last: TemplateId = _template("reminder-last")
    sendgrid_template_new_order: TemplateId = _template("new-order")
    sendgrid_template_daily_orders: TemplateId = _template("daily-orders")
    sendgrid_template_refund_failed: TemplateId = _template("refund-failed")
    sendgrid_template_slow_pages: TemplateId = _template("slow-pages")
    sendgrid_template_enquiry: TemplateId = _template("enquiry")
    smtp_url: SmtpUrl | None = setting(
        None,
        "Sends mail through an SMTP server instead (smtps: TLS, smtp+tls: STARTTLS).",
        "smtps://user:password@host:465",
        where="your mail provider",
    )
    mail_from: Sender = setting(
        "Kids Petite <hello@kidspetite.example>", "Sender of the shop's mail.", "Name <address@your-domain>"
    )

    reminders_held_out_percent: Annotated[int, Field(ge=0, le=50)] = setting(
        10,
        "How many of a hundred people get no reminder of a basket they left, so that what reminders do can be told.",
        "a number from 0 to 50",
    )

    # --- SMS
    twilio_account_sid: str | None = setting(None, "Sends text messages.", "AC…", where="https://console.twilio.com")
    twilio_auth_token: SecretStr | None = setting(
        None, "Twilio's token.", "the auth token", where="https://console.twilio.com"
    )
    twilio_from: str | None = setting(
        None, "Sender of text messages.", "+1… or a messaging service id MG…", where="https://console.twilio.com"
    )
    twilio_api_base: HttpAddress = setting("https://api.twilio.com", "Twilio's address.", "an https address")
    sms_countries: CapsText = setting(
        Caps((("US", 4000), ("PR", 200), ("VI", 50), ("GU", 50), ("MP", 50), ("AS", 50))),
        "To which countries texts go, and how many segments a day to each; to the others none go.",
        "countries with a number, such as US:4000,PR:200",
    )
    sms_daily_per_number: Annotated[int, Field(ge=1, le=1000)] = setting(
        10, "Most texts a day to one number.", "a number, 1 or more"
    )
    sms_daily_budget_usd: Annotated[Decimal, Field(ge=0, le=100_000)] = setting(
        Decimal("25"), "What texts may cost in a day (UTC); the rest waits for the next.", "dollars such as 25 or 7.50"
    )
    sms_segment_price_usd: Annotated[Decimal, Field(gt=0, le=10)] = setting(
        Decimal("0.0125"),
        "What one segment costs, with the carriers' fees; the budget is counted with it.",
        "dollars such as 0.0125",
        where="https://www.twilio.com/en-us/sms/pricing/us",
    )
    sms_quiet_hours: QuietHours = setting(
        "21:00-08:00", "When nobody is texted, by the clock where they live.", "two times such as 21:00-08:00"
    )

    # --- Google: addresses and sign-in
    google_maps_api_key: SecretStr | None = setting(
        None,
        "Suggests and validates addresses.",
        "a key with Places API (New) and Address Validation API",
        where="https://console.cloud.google.com/apis/credentials",
    )
    google_places_api_base: HttpAddress = setting(
        "https://places.googleapis.com", "Places' address.", "an https address"
    )
    google_address_api_base: HttpAddress = setting(
        "https://addressvalidation.googleapis.com", "Address Validation's address.", "an https address"
    )
    google_client_id: str | None = setting(
        None, "Sign in with Google.", "an OAuth client id", where="https://console.cloud.google.com/apis/credentials"
    )
    google_client_secret: SecretStr | None = setting(
        None, "Secret of that client.", "the secret", where="https://console.cloud.google.com/apis/credentials"
    )

    # --- Sanity
    sanity_project_id: str | None = setting(
        None, "Content from Sanity.", "the project id", where="https://www.sanity.io/manage"
    )
    sanity_dataset: str = setting(
        "production", "Sanity's dataset.", "a dataset name", where="https://www.sanity.io/manage"
    )
    sanity_api_token: SecretStr | None = setting(
        None, "Reads drafts for the preview.", "a token", where="https://www.sanity.io/manage, API"
    )
    sanity_webhook_secret: SecretStr | None = setting(
        None, "Checks the signature of Sanity's messages.", "the secret", where="https://www.sanity.io/manage, API"
    )
    sanity_api_base: HttpAddress | None = setting(
        None, "Sanity's address. Empty: https://PROJECT.apicdn.sanity.io.", "an https address"
    )

    # --- Cloudflare
    cloudflare_api_token: SecretStr | None = setting(
        None, "Purges pages and serves images.", "a token", where="https://dash.cloudflare.com/profile/api-tokens"
    )
    cloudflare_zone_id: str | None = setting(None, "Zone of the shop.", "the zone id", where="the zone's overview page")
    cloudflare_account_id: str | None = setting(
        None, "Account for images.", "the account id", where="the zone's overview page"
    )
    cloudflare_api_base: HttpAddress = setting(
        "https://api.cloudflare.com/client/v4", "Cloudflare's address.", "an https address"
    )

    # --- Carriers
    usps_client_id: str | None = setting(
        None, "USPS app.", "the consumer key", where="https://developers.usps.com/apps"
    )
    usps_client_secret: SecretStr | None = setting(
        None, "USPS secret.", "the consumer secret", where="https://developers.usps.com/apps"
    )
    usps_account: str | None = setting(
        None, "USPS account for labels.", "the account number", where="USPS Business Gateway"
    )
    usps_api_base: HttpAddress = setting("https://apis.usps.com", "USPS address.", "an https address")
    ups_client_id: str | None = setting(None, "UPS app.", "the client id", where="https://developer.ups.com/my-apps")
    ups_client_secret: SecretStr | None = setting(
        None, "UPS secret.", "the secret", where="https://developer.ups.com/my-apps"
    )
    ups_account: str | None = setting(None, "UPS account.", "six characters", where="your UPS profile")
    ups_api_base: HttpAddress = setting("https://onlinetools.ups.com", "UPS address.", "an https address")
    fedex_client_id: str | None = setting(None, "FedEx app.", "the API key", where="https://developer.fedex.com")
    fedex_client_secret: SecretStr | None = setting(
        None, "FedEx secret.", "the secret key", where="https://developer.fedex.com"
    )
    fedex_account: str | None = setting(None, "FedEx account.", "the account number", where="your FedEx profile")
    fedex_api_base: HttpAddress = setting("https://apis.fedex.com", "FedEx address.", "an https address")

    # --- Language model
    openai_api_key: SecretStr | None = setting(
        None, "Answers the shopping assistant's questions.", "sk-…", where="https://platform.openai.com/api-keys"
    )
    openai_model: str = setting(
        "gpt-4o-mini",
        "Model for short answers.",
        "a model id",
        where="https://platform.openai.com/docs/models",
        note="gpt-4o-mini ends on 2027-01-14; choose its successor before then.",
    )
    openai_model_large: str = setting(
        "gpt-4o",
        "Model for hard questions.",
        "a model id",
        where="https://platform.openai.com/docs/models",
        note="gpt-4o ends on 2027-01-14; choose its successor before then.",
    )
    openai_api_base: HttpAddress = setting("https://api.openai.com/v1", "OpenAI's address.", "an https address")

    # --- Errors
    sentry_dsn: SecretStr | None = setting(
        None, "Reports errors to Sentry.", "https://key@host/project", where="the project's settings, Client Keys"
    )
    sentry_environment: str | None = setting(None, "Name of this environment in Sentry. Empty: KP_ENV.", "a short name")

    # --- Times
    reservation_ttl_seconds: Seconds = setting(900, "How long a cart holds its pieces.", "seconds, 1 or more")
    payment_reconcile_seconds: Seconds = setting(
        60, "How long a payment may stay unknown before a job asks the gateway.", "seconds, 1 or more"
    )
    erasure_grace_seconds: Seconds = setting(
        30 * 86400, "How long a customer may take back the wish to be erased.", "seconds, 1 or more"
    )
    provider_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = setting(
        10.0, "Longest wait for a provider inside a request.", "seconds, more than 0, at most 120"
    )

    # --- Limits for one client
    rate_limits: Literal["on", "off"] = setting("on", "Count requests; off only for load tests.", "on or off")
    rate_browse: RateText = setting(Rate(600, 60), "Catalogue pages.", "a rate such as 60/minute")
    rate_search: RateText = setting(Rate(120, 60), "Search and suggestions.", "a rate such as 60/minute")
    rate_cart: RateText = setting(Rate(120, 60), "Changes of a cart.", "a rate such as 60/minute")
    rate_checkout: RateText = setting(Rate(30, 60), "Checkout attempts.", "a rate such as 60/minute")
    rate_codes: RateText = setting(Rate(10, 60), "Promo codes tried.", "a rate such as 60/minute")
    rate_signin: RateText = setting(Rate(10, 60), "Sign-in, sign-up and password attempts.", "a rate such as 60/minute")
    rate_address: RateText = setting(Rate(60, 60), "Address suggestions and checks.", "a rate such as 60/minute")
    rate_api: RateText = setting(Rate(300, 60), "All other API calls.", "a rate such as 60/minute")
    rate_hold_pieces: Annotated[int, Field(ge=1, le=100_000)] = setting(
        60, "Most pieces that one cart or client may hold at a time.", "a number, 1 or more"
    )

    @property
    def is_production(self) -> bool:
        return self.kp_env == "production"

    @property
    def data_dir(self) -> Path:
        return (ROOT / self.kp_data_dir).resolve()

    @property
    def media_folder(self) -> Path:
        return (ROOT / self.media_root).resolve() if self.media_root else self.data_dir / "media"

    @property
    def public_url(self) -> str:
        """The shop's address without a slash at its end; development falls back to this machine."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """What Django may answer to: ALLOWED_HOSTS, else the host of BASE_URL, and this machine in development."""
        named = list(self.allowed_hosts) or ([urlsplit(self.base_url).hostname or ""] if self.base_url else [])
        local = [] if self.is_production else ["127.0.0.1", "localhost", "[::1]", "testserver"]
        return list(dict.fromkeys(named + local))

    @property
    def has_only_sandbox_gateway(self) -> bool:
        return not (self.stripe_secret_key or self.paypal_client_id)

    @property
    def sendgrid_templates(self) -> dict[str, str]:
        """The ids of the templates that are switched on, by kind of letter."""
        start = "sendgrid_template_"
        names = [name for name in type(self).model_fields if name.startswith(start) and getattr(self, name)]
        return {name.removeprefix(start).replace("_", "-"): getattr(self, name) for name in names}

    def reveal(self, name: str) -> str:
        """The plain value of a secret by its attribute name; an unset one is an empty string."""
        value = getattr(self, name)
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value or "")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the environment. Never holds the value of a secret."""

    name: str
    found: str
    expected: str
    where: str

    def __str__(self) -> str:
        return f"{self.name}: {self.found}. Expected {self.expected}. Where to get it: {self.where}."


class EnvFaults(Exception):
    """The environment can't be used; every fault is told at once."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"The settings have {len(faults)} fault{'s' * (len(faults) != 1)}:\n{lines}")


@cache
def load_env() -> Env:
    """The environment of this process, read once. Raises EnvFaults."""
    return read_env()[0]


def __getattr__(name: str) -> Env:
    if name == "env":
        return load_env()
    raise AttributeError(name)


def read_env() -> tuple[Env, list[str]]:
    """The settings, read afresh, and the notes worth a warning. Raises EnvFaults with every fault at once."""
    file = _env_file()
    faults: list[Fault] = []
    given: dict[str, Any] = {}
    try:
        env = Env(_env_file=file)
    except ValidationError as error:
        names = {str(item["loc"][0]) for item in error.errors(include_input=False, include_url=False)}
        faults = [fault_of(name.lower(), "the value does not fit") for name in sorted(names)]
        given = {name.lower(): Env.model_fields[name.lower()].default for name in names}
        env = Env(_env_file=file, **given)
    from kidspetite.config.env_rules import notes_on, unsafe_values  # it needs Env and Fault

    told = {fault.name for fault in faults}
    faults += [fault for fault in unsafe_values(env) if fault.name not in told]
    if faults:
        raise EnvFaults(faults)
    if env.secret_key is None:
        env = env.model_copy(update={"secret_key": SecretStr(_development_key(env.data_dir / "secret-key"))})
    return env, notes_on(env, os.environ, dotenv_values(file) if file else {})


def fault_of(name: str, found: str) -> Fault:
    """A fault with the words that the setting's own declaration carries."""
    extra = Env.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return Fault(name.upper(), found, str(extra["expected"]), str(extra["where"]))


def _env_file() -> Path | None:
    name = os.environ.get("KP_ENV_FILE") or ".env"
    return None if name == "none" or not (ROOT / name).is_file() else ROOT / name


def _development_key(file: Path) -> str:
    """Made once and kept, so that sessions outlive a restart; two first starts at once agree on one key."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
