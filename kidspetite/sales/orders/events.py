from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """An order was opened and its pieces are held; no money has moved yet."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """The whole total is captured; the pieces are sold."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderShipped:
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderDelivered:
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderCancelled:
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderRefunded:
    """Some or all of the money went back; `amount_minor` is what went this time, `so_far_minor` all that has gone with
    it, in cents, and `way` where to (WayBack)."""

    order_id: int
    amount_minor: int
    so_far_minor: int = 0
    way: str = "same_way"
