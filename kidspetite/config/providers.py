"""Need → adapters, chosen from the environment. The first of each is the default; one without keys is off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kidspetite.config.env import load_env


def adapters() -> Mapping[str, Mapping[str, Callable[[], Any]]]:
    env = load_env()
    return {"payments": _payments(env), "mail": _mail(env)}


def _payments(env: Any) -> dict[str, Callable[[], Any]]:
    from kidspetite.sales.payments.providers.sandbox import SandboxGateway

    if env.is_production and not env.kp_allow_sandbox:
        return {}
    return {"sandbox": SandboxGateway}


def _mail(env: Any) -> dict[str, Callable[[], Any]]:
    from kidspetite.foundation.notifications.providers.outbox import Outbox
    from kidspetite.foundation.notifications.providers.smtp import SmtpPostman

    if env.smtp_url:
        return {"smtp": lambda: SmtpPostman(env.reveal("smtp_url"), sender=env.mail_from)}
    return {"outbox": Outbox}
