"""Ids that cannot be guessed."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def order_number() -> str:
    """`KP-` and eight Crockford characters: 40 random bits, so orders can be neither counted nor guessed."""
    return "KP-" + "".join(secrets.choice(CROCKFORD) for _ in range(8))


def token() -> str:
    """A bearer secret for a link or a cart: 160 random bits in 27 URL-safe characters."""
    return secrets.token_urlsafe(20)
