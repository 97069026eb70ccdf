"""What makes a value unsafe, which values belong together, and which names look mistyped."""

import difflib
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from kidspetite.config.env import Env, Fault, fault_of

BELONG_TOGETHER = (
    ("stripe_secret_key", "stripe_publishable_key", "stripe_webhook_secret"),
    ("paypal_client_id", "paypal_client_secret", "paypal_webhook_id"),
    ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    ("google_client_id", "google_client_secret"),
    ("s3_bucket", "s3_access_key_id", "s3_secret_access_key"),
    ("cloudflare_api_token", "cloudflare_zone_id"),
    ("usps_client_id", "usps_client_secret", "usps_account"),
    ("ups_client_id", "ups_client_secret", "ups_account"),
    ("fedex_client_id", "fedex_client_secret", "fedex_account"),
    ("sanity_project_id", "sanity_webhook_secret"),
)
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def unsafe_values(env: Env) -> list[Fault]:
    """Everything that keeps production from starting; development may do as it likes."""
    if not env.is_production:
        return []
    return [*_house_faults(env), *_money_and_mail_faults(env), *_address_faults(env), *_half_given(env)]


def notes_on(env: Env, *places: Mapping[str, str | None]) -> list[str]:
    """Names that look mistyped, and in development the providers with only half their keys."""
    known = {name.upper() for name in Env.model_fields}
    environ, file = places[0], places[1] if len(places) > 1 else {}
    unknown = [name for name in environ if name.startswith(("KP_", "SENDGRID_TEMPLATE_")) and name not in known]
    unknown += [name for name in file if name.upper() not in known and name not in unknown]
    notes = []
    for name in sorted(unknown):
        near = difflib.get_close_matches(name, known, 1, 0.7)
        notes.append(f"{name} is not a setting of this shop." + (f" Did you mean {near[0]}?" if near else ""))
    return notes + ([] if env.is_production else [str(fault) for fault in _half_given(env)])


def _house_faults(env: Env) -> Iterator[Fault]:
    key = env.reveal("secret_key")
    if not key:
        yield fault_of("secret_key", "missing")
    elif len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure"):
        yield fault_of("secret_key", "too short or too simple")
    if env.debug:
        yield Fault("DEBUG", "on, which shows the shop's insides to every visitor", "0", "leave it unset")
    if env.rate_limits == "off":
        yield Fault("RATE_LIMITS", "off, which leaves the shop unprotected", "on", "leave it unset")
    if env.kp_test_database:
        yield Fault("KP_TEST_DATABASE", "on, which accepts a database that may lose orders", "0", "leave it unset")
    if not env.database_url:
        yield fault_of("database_url", "missing")
    if "*" in env.allowed_hosts:
        yield fault_of("allowed_hosts", "'*' answers to any name")
    if len(env.reveal("cron_secret")) < 16:
        yield fault_of("cron_secret", "too short" if env.cron_secret else "missing")


def _money_and_mail_faults(env: Env) -> Iterator[Fault]:
    if env.has_only_sandbox_gateway and not env.kp_allow_sandbox:
        yield Fault(
            "STRIPE_SECRET_KEY",
            "missing, and so is PAYPAL_CLIENT_ID: only the sandbox gateway is left, which takes no money",
            "keys of Stripe or PayPal, or KP_ALLOW_SANDBOX=1 for a preview",
            "https://dashboard.stripe.com/apikeys",
        )
    if not (env.sendgrid_api_key or env.smtp_url):
        yield Fault(
            "SENDGRID_API_KEY",
            "missing, and so is SMTP_URL: no mail would leave",
            "SENDGRID_API_KEY or SMTP_URL",
            "https://app.sendgrid.com/settings/api_keys or your mail provider",
        )
    if env.mail_from.rstrip(">").endswith(".example"):
        yield fault_of("mail_from", "an example address")


def _address_faults(env: Env) -> Iterator[Fault]:
    if not env.base_url:
        yield fault_of("base_url", "missing")
    elif not env.base_url.startswith("https://"):
        yield fault_of("base_url", "not https")
    for name in Env.model_fields:
        address = getattr(env, name) if name.endswith(("_api_base", "_endpoint_url", "_public_base_url")) else None
        if address and address.startswith("http://") and urlsplit(address).hostname not in THIS_MACHINE:
            yield fault_of(name, "http sends keys in the clear")


def _half_given(env: Env) -> Iterator[Fault]:
    if env.stripe_tax == "on" and not env.stripe_secret_key:
        yield fault_of("stripe_secret_key", "missing, while STRIPE_TAX is on")
    for group in BELONG_TOGETHER:
        present = [name for name in group if getattr(env, name)]
        for name in group:
            if present and name not in present:
                yield fault_of(name, f"missing, while {present[0].upper()} is set")
