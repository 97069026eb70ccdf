"""Pages that run Stripe's script: the policy that lets them, and what their elements are told. No card data ever comes
to us; what comes is a token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csp import csp_override

from kidspetite.faces.edge.middleware import PERMISSIONS

STRIPE_JS = "https://js.stripe.com/endive/stripe.js"
# What docs.stripe.com/security/guide asks for, on the pages that pay and on no other.
STRIPE_POLICY = settings.SECURE_CSP | {
    "script-src": [*settings.SECURE_CSP["script-src"], "https://js.stripe.com", "https://*.js.stripe.com"],
    "frame-src": ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
    "connect-src": [*settings.SECURE_CSP["connect-src"], "https://api.stripe.com"],
    "img-src": [*settings.SECURE_CSP["img-src"], "https://*.stripe.com"],
}

type View = Callable[..., HttpResponse]


def with_stripe_js(view: View) -> View:
    """Let a page run Stripe's script and open its wallets; Stripe's words for what that takes."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        response["Permissions-Policy"] = PERMISSIONS.replace("payment=(self)", 'payment=(self "https://js.stripe.com")')
        return response

    return csp_override(STRIPE_POLICY)(opened)


def stripe_context() -> dict[str, Any]:
    """What a page with Stripe's elements takes."""
    return {
        "stripe_js": STRIPE_JS,
        "key": settings.STRIPE_PUBLISHABLE_KEY,
        "capture": "manual" if settings.PAYMENT_CAPTURE == "at_shipping" else "automatic",
    }
