"""Need → adapters, chosen from the environment. The first of each is the default; one without keys is off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kidspetite.config.env import load_env


def adapters() -> Mapping[str, Mapping[str, Callable[[], Any]]]:
    env = load_env()
    return {
        "payments": _payments(env),
        "cards": _cards(env),
        "mail": _mail(env),
        "templates": _templates(env),
        "texts": _texts(env),
        "addresses": _addresses(env),
        "tax": _tax(env),
        "cdn": _cdn(env),
    }


def _payments(env: Any) -> dict[str, Callable[[], Any]]:
    from kidspetite.sales.payments.providers.sandbox import SandboxGateway

    table: dict[str, Callable[[], Any]] = {}
    if env.stripe_secret_key and env.stripe_publishable_key and env.stripe_webhook_secret:
        table["stripe"] = lambda: _stripe(env)
    if not env.is_production or env.kp_allow_sandbox:
        table["sandbox"] = SandboxGateway
    if env.paypal_client_id and env.paypal_client_secret and env.paypal_webhook_id:
        table["paypal"] = lambda: _paypal(env)
    return table


def _cards(env: Any) -> dict[str, Callable[[], Any]]:
    """Who keeps shoppers' cards: those of the gateways that can."""
    from kidspetite.sales.payments.providers.sandbox_vault import SandboxVault

    vaults: dict[str, Callable[[], Any]] = {"stripe": lambda: _stripe_vault(env), "sandbox": SandboxVault}
    return {code: vault for code, vault in vaults.items() if code in _payments(env)}


def _stripe(env: Any) -> Any:
    """Imported only where it is used: the SDK is large."""
    from kidspetite.sales.payments.providers.stripe import StripeGateway

    return StripeGateway(
        secret_key=env.reveal("stripe_secret_key"),
        api_base=str(env.stripe_api_base).rstrip("/"),
        webhook_secret=env.reveal("stripe_webhook_secret"),
        timeout=env.provider_timeout_seconds,
    )


def _stripe_vault(env: Any) -> Any:
    from kidspetite.sales.payments.providers.stripe_vault import StripeVault

    return StripeVault(
        secret_key=env.reveal("stripe_secret_key"),
        api_base=str(env.stripe_api_base).rstrip("/"),
        timeout=env.provider_timeout_seconds,
    )


def _paypal(env: Any) -> Any:
    from kidspetite.sales.payments.providers.paypal import PayPalGateway

    return PayPalGateway(
        client_id=env.paypal_client_id,
        client_secret=env.reveal("paypal_client_secret"),
        api_base=str(env.paypal_api_base).rstrip("/"),
        webhook_id=env.paypal_webhook_id,
        timeout=env.provider_timeout_seconds,
    )


def _mail(env: Any) -> dict[str, Callable[[], Any]]:
    from kidspetite.foundation.notifications.providers.outbox import Outbox
    from kidspetite.foundation.notifications.providers.smtp import SmtpPostman

    if env.sendgrid_api_key:
        return {"sendgrid": lambda: _sendgrid(env)}
    if env.smtp_url:
        return {"smtp": lambda: SmtpPostman(env.reveal("smtp_url"), sender=env.mail_from)}
    return {"outbox": Outbox}


def _sendgrid(env: Any) -> Any:
    from kidspetite.foundation.notifications.providers.sendgrid import SendGridPostman

    return SendGridPostman(
        key=env.reveal("sendgrid_api_key"),
        api_base=str(env.sendgrid_api_base).rstrip("/"),
        sender=env.mail_from,
        public_key=env.sendgrid_webhook_public_key or "",
        timeout=env.provider_timeout_seconds,
        templates=env.sendgrid_templates,
    )


def _templates(env: Any) -> dict[str, Callable[[], Any]]:
    """Who keeps templates of letters; nobody by default, and then our own paper serves."""
    return {"sendgrid": lambda: _sendgrid_templates(env)} if env.sendgrid_api_key else {}


def _sendgrid_templates(env: Any) -> Any:
    from kidspetite.foundation.notifications.providers.sendgrid_templates import SendGridTemplates

    return SendGridTemplates(
        key=env.reveal("sendgrid_api_key"),
        api_base=str(env.sendgrid_api_base).rstrip("/"),
        chosen=env.sendgrid_templates,
        timeout=env.provider_timeout_seconds,
    )


def _texts(env: Any) -> dict[str, Callable[[], Any]]:
    from kidspetite.foundation.notifications.providers.outbox import TextOutbox

    if env.twilio_account_sid and env.twilio_auth_token and env.twilio_from:
        return {"twilio": lambda: _twilio(env)}
    return {"outbox": TextOutbox}


def _twilio(env: Any) -> Any:
    from kidspetite.foundation.notifications.providers.twilio import TwilioTexter

    return TwilioTexter(
        account=env.twilio_account_sid,
        token=env.reveal("twilio_auth_token"),
        sender=env.twilio_from,
        api_base=str(env.twilio_api_base).rstrip("/"),
        # Twilio reaches a shop with a public address only; a machine at home learns nothing afterwards.
        callback=f"{env.base_url}/api/webhooks/twilio" if env.base_url else "",
        timeout=env.provider_timeout_seconds,
    )


def _addresses(env: Any) -> dict[str, Callable[[], Any]]:
    """The table of ZIPs is always there: it serves when nothing else is switched on, and when that is down."""
    from kidspetite.foundation.accounts.providers.google import GoogleAddresses
    from kidspetite.foundation.accounts.providers.zip_table import ZipTable

    table: dict[str, Callable[[], Any]] = {}
    if env.google_maps_api_key:
        table["google"] = lambda: GoogleAddresses(
            key=env.reveal("google_maps_api_key"),
            address_base=str(env.google_address_api_base),
            places_base=str(env.google_places_api_base),
        )
    table["local"] = ZipTable
    return table


def _tax(env: Any) -> dict[str, Callable[[], Any]]:
    """Nobody by default: then the table of the states' rates serves."""
    if env.stripe_tax == "off" or not env.stripe_secret_key:
        return {}
    return {"stripe": lambda: _stripe_tax(env)}


def _stripe_tax(env: Any) -> Any:
    from kidspetite.goods.pricing.providers.stripe_tax import StripeTax

    return StripeTax(
        secret_key=env.reveal("stripe_secret_key"),
        api_base=str(env.stripe_api_base).rstrip("/"),
        tax_code=env.stripe_tax_code,
    )


def _cdn(env: Any) -> dict[str, Callable[[], Any]]:
    """The network before the shop; nobody by default."""
    if not (env.cloudflare_api_token and env.cloudflare_zone_id):
        return {}
    return {"cloudflare": lambda: _cloudflare(env)}


def _cloudflare(env: Any) -> Any:
    from kidspetite.foundation.plumbing.providers.cloudflare import CloudflareCdn

    return CloudflareCdn(
        token=env.reveal("cloudflare_api_token"),
        zone_id=env.cloudflare_zone_id,
        api_base=str(env.cloudflare_api_base),
        timeout=env.provider_timeout_seconds,
    )
