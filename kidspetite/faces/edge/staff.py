"""What makes somebody of the team trusted at any door: in production, a second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_factor(user: Any) -> bool:
    """Whether a passkey or an authenticator app is set up; recovery codes alone do not count."""
    return bool(is_mfa_enabled(user, types=SECOND_FACTORS))


def lacks_second_factor(user: Any) -> bool:
    """Whether somebody of the team has to set one up before any door opens."""
    return bool(settings.STAFF_NEEDS_SECOND_FACTOR) and not has_second_factor(user)
