"""An authenticator app."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows for this secret, so many half minutes from now (below 0: ago)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
