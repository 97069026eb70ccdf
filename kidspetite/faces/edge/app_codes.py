"""Codes of an authenticator app: good a little before and after their half minute, and each of them once.

A phone's clock is seconds off, and whoever types the last digit as the next code comes has typed the right one.
RFC 6238 (5.2) advises one step of tolerance (`MFA_TOTP_TOLERANCE`) and forbids to take a code twice; allauth
remembers it for one step only. While Valkey is away nothing is remembered (`ForgivingCache`), and people still come in.
"""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache

from kidspetite.foundation.accounts.models import User


class SignInCode(AuthenticateForm):
    def clean_code(self) -> str:
        return _taken(super().clean_code(), self.user, self.authenticator.type)


class ConfirmingCode(ReauthenticateForm):
    def clean_code(self) -> str:
        return _taken(super().clean_code(), self.user, self.authenticator.type)


class FirstCode(ActivateTOTPForm):
    def clean_code(self) -> str:
        return _taken(super().clean_code(), self.user, Authenticator.Type.TOTP)


def _taken(code: str, user: User, kind: str) -> str:
    """The code, taken for good. One that was taken before is refused as a wrong one is."""
    digits = "".join(filter(str.isdigit, code))
    seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    if kind == Authenticator.Type.TOTP and not cache.add(f"app-code:{user.pk}:{digits}", 1, timeout=seconds):
        raise get_adapter().validation_error("incorrect_code")
    return code
