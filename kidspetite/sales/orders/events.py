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
class OrderLeftUnpaid:
    """An attempt to pay failed while its shopper was away; the order may still be paid."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderShipped:
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderDelivered:
    order_id: int


@dataclass(frozen=True, slots=True)
class OrderReaddressed:
    """A paid order goes to another address than it was bought for. `mark_id` is the mark on its timeline."""

    order_id: int
    mark_id: int


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


@dataclass(frozen=True, slots=True)
class OrderRefundFailed:
    """Money that had gone back came to us again, `amount_minor` cents; staff have to look. `mark_id` is its mark on the
    order's timeline."""

    order_id: int
    amount_minor: int
    mark_id: int
