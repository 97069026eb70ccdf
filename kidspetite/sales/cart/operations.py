"""What a shopper does with a basket. Each command locks the basket's row first, then stock; see docs/locks.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.recipes import Given, Recipe, ask_kept, save_kept, write_kept
from kidspetite.foundation.plumbing.transactions import one_transaction
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.catalog.queries.pieces import IS_FOR_SALE
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.types import WaitState, WaitView
from kidspetite.goods.pricing.errors import TooManyCodes
from kidspetite.sales.cart import rules
from kidspetite.sales.cart.errors import BadQuantity, NoSuchCart, NoSuchLine, NotForSale, NotYourCart, TooManyLines
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.cart.queries import is_forgotten, is_key, pieces_in
from kidspetite.sales.cart.types import CapReason, MergedLine, MergeReport

_UNDER_LOCK = Recipe(lambda: Cart.objects.select_for_update().filter(pk=Given("cart")))
_BASKET = [field.attname for field in Cart._meta.concrete_fields]
# A basket under lock, and the piece that is to go into it.
LOCK_WITH_PIECE = f"""
select v.id, {IS_FOR_SALE}, {", ".join(f"cart.{name}" for name in _BASKET)}
from cart_cart as cart
left join (catalog_variant as v join catalog_product as p on p.id = v.product_id) on v.sku = %(sku)s
where cart.token = %(token)s
for update of cart
"""
# Adds up with what another tab has put in meanwhile, and gives no row where a limit is passed: one statement.
PUT_IN = """
insert into cart_cartline as line (cart_id, variant_id, quantity)
select %(cart)s, %(variant)s, %(pieces)s
where %(pieces)s <= %(most)s and (
    exists (select from cart_cartline where cart_id = %(cart)s and variant_id = %(variant)s)
    or (select count(*) from cart_cartline where cart_id = %(cart)s) < %(most_lines)s
)
on conflict (cart_id, variant_id) do update
set quantity = line.quantity + excluded.quantity
where line.quantity + excluded.quantity <= %(most)s
returning id, quantity, added_at
"""
CLOSE_BOUGHT = """
update cart_cart set status = 'ordered' where id = %(cart)s and not exists (
    select from cart_cartline as line
    left join unnest(%(variants)s::bigint[], %(bought)s::int[]) as bought (variant_id, pieces) using (variant_id)
    where line.cart_id = %(cart)s and line.quantity > coalesce(bought.pieces, 0)
)
returning id
"""


def open_cart(*, customer: User | None = None, client: str = "") -> Cart:
    """A new basket. `client` is a digest of the network it is opened from: its baskets share the cap on held pieces."""
    now = clock.now()
    cart = Cart(customer=customer, client=client, touched_at=now, created_at=now)
    write_kept(cart)
    return cart


def lock_cart(cart_id: int) -> Cart | None:
    """Hold a basket, whatever has become of it, until the end of the caller's transaction; None when it is gone."""
    return _UNDER_LOCK.row(cart=cart_id)


@transaction.atomic
def side_cart(token: str, *, sku: str, client: str = "") -> Cart:
    """A basket beside the shopper's own with one piece in it, held, for a piece that is bought at once. The same token
    gives the same basket, whatever has become of it, so that two presses are one purchase.

    Raises what add_to_cart raises, and then there is none. Locks the basket, then the level.
    """
    Cart.objects.bulk_create([Cart(token=token, client=client, touched_at=clock.now())], ignore_conflicts=True)
    cart = Cart.objects.select_for_update().get(token=token)
    if cart.status == Cart.Status.OPEN and not cart.lines.exists():
        add_to_cart(cart, sku=sku)
    return cart


@transaction.atomic
def add_to_cart(cart: Cart | str, *, sku: str, quantity: int = 1) -> CartLine:
    """Put pieces into a basket, or into the one with this key, and hold them for it; the same SKU adds up. The line
    that is given knows the basket.

    Raises BadQuantity, TooManyLines, UnknownSku, NotForSale, OutOfStock or NoSuchCart, and then the basket is as it
    was. Past the cap on held pieces a line enters without a hold. Locks the basket, then the level.
    """
    pieces = rules.checked_quantity(quantity)
    locked, variant_id = _lock_with_piece(cart, sku)
    line = _put_in(locked, variant_id, pieces)
    _touch(locked)
    _hold(locked, {variant_id: line.quantity})
    return line


@transaction.atomic
def take_offered(cart: Cart, wait: WaitView) -> CartLine:
    """Put the piece that is set aside for somebody who waited into this basket, whoever it belongs to, and hold it on.

    When it is set aside no more, a free one is taken instead. Raises OfferGone when it was taken before or is no longer
    wanted, what add_to_cart raises otherwise, and then the basket is as it was. Locks the basket, then the level.
    """
    if wait.state is WaitState.MISSED:
        line = add_to_cart(cart, sku=wait.piece.sku)
        inventory.note_taken(wait.id, by=cart.holder)
        return line
    if not wait.piece.is_for_sale:
        raise NotForSale(sku=wait.piece.sku)
    locked = _lock(cart)
    line = _put_in(locked, wait.piece.id, 1)
    _touch(locked)
    inventory.hand_over(wait.id, to=locked.holder, until=_until(), client=_counted_client(locked))
    return line


@transaction.atomic
def change_quantity(cart: Cart, *, line_id: int, quantity: int) -> CartLine | None:
    """Make a line exactly so many pieces; 0 removes it and gives None.

    Raises BadQuantity, NoSuchLine, NotForSale (for more of a piece that is not sold any more), OutOfStock or
    NoSuchCart, and then the basket is as it was. Locks the basket, then the level.
    """
    pieces = rules.checked_quantity(quantity, least=0)
    locked = _lock(cart)
    line = _line(locked, line_id)
    _touch(locked)
    if pieces > line.quantity:
        _see_that_it_is_sold(line.variant.sku)
        _write(line, pieces)
        _hold(locked, {line.variant_id: pieces})
    else:
        # Fewer must always be possible, even of a line whose hold has lapsed and whose pieces others have by now.
        _write(line, pieces)
        _keep(locked, {line.variant_id: pieces})
    return line if pieces else None


def remove_line(cart: Cart, *, line_id: int) -> None:
    """Take a line out and release its hold. Raises NoSuchLine or NoSuchCart."""
    change_quantity(cart, line_id=line_id, quantity=0)


def touch_cart(cart: Cart) -> None:
    """Someone looks at this basket: its holds go on, and lines whose hold has lapsed are held again where the pieces
    are still there.

    Refuses nothing and leaves every line where it is. Writes at most once a minute, unless a line can be held again;
    then locks the basket and those levels.
    """
    returning = _lines_to_hold_again(cart)
    if not returning and not rules.is_touch_due(cart.touched_at, clock.now()):
        return
    with transaction.atomic():
        locked = Cart.objects.select_for_update().filter(pk=cart.pk, status=Cart.Status.OPEN).first()
        if locked is None:
            return
        _touch(locked)
        still = {variant_id: n for variant_id, n in pieces_in(locked).items() if variant_id in returning}
        if still:
            _keep(locked, still)
        cart.touched_at = locked.touched_at


@transaction.atomic
def merge_carts(into: Cart, from_cart: Cart) -> MergeReport:
    """Put the lines and holds of another basket into this one, as when its owner signs in, and end the other.

    The same piece adds up, as far as 99, 100 lines and the stock allow; the report tells what came over and what was
    capped. Raises NotYourCart for a basket of another customer, NoSuchCart. Locks both baskets, then the levels.
    """
    if into.pk == from_cart.pk:
        return MergeReport()
    into, other = _lock_both(into, from_cart)
    if other.customer_id not in (None, into.customer_id):
        raise NotYourCart()
    there = list(other.lines.select_related("variant"))
    quantities, report = _merged(into, there, holders=(into.holder, other.holder))
    _bring_codes(into, other)
    _write_lines(into, quantities)
    Cart.objects.filter(pk=other.pk).update(status=Cart.Status.MERGED)
    wanted = {line.variant_id: quantities.get(line.variant_id, 0) for line in there}
    _keep(into, wanted, instead_of=other.holder)
    return report


@transaction.atomic
def fill_up(into: Cart, from_cart: Cart) -> MergeReport:
    """See that a basket has at least what lies in another one, which stays as it is; twice is once.

    As far as 99, 100 lines and the stock allow; the report tells what came over and what was capped. Raises NoSuchCart.
    Locks the one basket, then the levels.
    """
    locked = _lock(into)
    here = pieces_in(locked)
    missing = [
        CartLine(variant=line.variant, quantity=line.quantity - here.get(line.variant_id, 0))
        for line in from_cart.lines.select_related("variant")
        if line.quantity > here.get(line.variant_id, 0)
    ]
    quantities, report = _merged(locked, missing, holders=(locked.holder,))
    _write_lines(locked, quantities)
    _touch(locked)
    _keep(locked, quantities)
    return report


@transaction.atomic
def claim_cart(cart: Cart, *, customer: User) -> Cart:
    """Make a guest's basket the customer's own. Raises NotYourCart when it is another's, NoSuchCart. Locks it."""
    locked = _lock(cart)
    if locked.customer_id not in (None, customer.pk):
        raise NotYourCart()
    locked.customer = customer
    locked.save(update_fields=["customer"])
    return locked


@one_transaction()
def close_cart(cart: Cart) -> None:
    """The basket was bought: it is not found any more, and what it still held is free. Doing it twice is harmless."""
    Cart.objects.filter(pk=cart.pk).update(status=Cart.Status.ORDERED)
    inventory.release_holds(holder=cart.holder)


@one_transaction()
def close_bought(cart: Cart, pieces: Mapping[int, int]) -> bool:
    """Close a basket in which nothing lies but pieces that were bought; one with more stays open, and gives False.
    Expects it locked."""
    if not ask_kept(CLOSE_BOUGHT, {"cart": cart.pk, "variants": list(pieces), "bought": list(pieces.values())}):
        return False
    inventory.release_holds(holder=cart.holder)
    return True


@transaction.atomic
def take_out(cart: Cart, pieces: Mapping[int, int]) -> None:
    """These pieces were bought; what else lies in the basket stays. Locks the basket, then the levels."""
    locked = _lock(cart)
    bought = list(locked.lines.filter(variant_id__in=list(pieces)))
    for line in bought:
        _write(line, max(line.quantity - pieces[line.variant_id], 0))
    _keep(locked, {line.variant_id: line.quantity for line in bought})


@transaction.atomic
def forget_carts(cart_ids: Sequence[int]) -> None:
    """Delete baskets with all that hangs on them; what they still held is free. Expects them locked."""
    for cart in Cart.objects.filter(pk__in=cart_ids):
        inventory.release_holds(holder=cart.holder)
    Cart.objects.filter(pk__in=cart_ids).delete()


@transaction.atomic
def keep_codes(cart: Cart, codes: Sequence[str]) -> None:
    """Make these the promotion codes of a basket; whether they work is for the quote to say. Raises TooManyCodes,
    NoSuchCart. Locks the basket."""
    if len(codes) > rules.MOST_CODES:
        raise TooManyCodes(field="code")
    locked = _lock(cart)
    locked.promo_codes = list(codes)
    locked.save(update_fields=["promo_codes"])
    cart.promo_codes = locked.promo_codes


def _bring_codes(into: Cart, other: Cart) -> None:
    codes = list(dict.fromkeys([*into.promo_codes, *other.promo_codes]))[: rules.MOST_CODES]
    if codes != into.promo_codes:
        into.promo_codes = codes
        into.save(update_fields=["promo_codes"])


def _see_that_it_is_sold(sku: str) -> None:
    for piece in catalog.variants_for_sale([sku]).values():
        if not piece.is_for_sale:
            raise NotForSale(sku=sku)


def _lock_with_piece(cart: Cart | str, sku: str) -> tuple[Cart, int]:
    """The basket, and the id of a piece that is for sale."""
    token = cart if isinstance(cart, str) else cart.token
    if not is_key(token):
        raise NoSuchCart()
    if not sku.isprintable():
        raise UnknownSku(sku=sku)
    for variant_id, is_for_sale, *basket in ask_kept(LOCK_WITH_PIECE, {"token": token, "sku": sku}):
        if variant_id is None:
            raise UnknownSku(sku=sku)
        if not is_for_sale:
            raise NotForSale(sku=sku)
        locked = _open(Cart.from_db(DEFAULT_DB_ALIAS, _BASKET, basket))
        if isinstance(cart, str) and is_forgotten(locked):
            break
        return locked, variant_id
    raise NoSuchCart()


def _lock(cart: Cart) -> Cart:
    return _open(lock_cart(cart.pk))


def _open(locked: Cart | None) -> Cart:
    if locked is None or locked.status != Cart.Status.OPEN:
        raise NoSuchCart()
    return locked


def _lock_both(one: Cart, other: Cart) -> tuple[Cart, Cart]:
    rows = Cart.objects.select_for_update().filter(pk__in=(one.pk, other.pk), status=Cart.Status.OPEN).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < 2:
        raise NoSuchCart()
    return found[one.pk], found[other.pk]


def _line(cart: Cart, line_id: int) -> CartLine:
    line = cart.lines.select_related("variant").filter(pk=line_id).first()
    if line is None:
        raise NoSuchLine()
    return line


def _put_in(cart: Cart, variant_id: int, pieces: int) -> CartLine:
    limits = {"most": rules.MOST, "most_lines": rules.MOST_LINES}
    told = {"cart": cart.pk, "variant": variant_id, "pieces": pieces, **limits}
    for line_id, quantity, added_at in ask_kept(PUT_IN, told):
        return CartLine(pk=line_id, cart=cart, variant_id=variant_id, quantity=quantity, added_at=added_at)
    if there := cart.lines.filter(variant_id=variant_id).first():
        raise BadQuantity(in_basket=there.quantity)
    raise TooManyLines()


def _write(line: CartLine, pieces: int) -> None:
    line.quantity = pieces
    if pieces:
        line.save(update_fields=["quantity"])
    else:
        CartLine.objects.filter(pk=line.pk).delete()


def _touch(cart: Cart) -> None:
    now = clock.now()
    if rules.is_touch_due(cart.touched_at, now):
        cart.touched_at = now
        save_kept(cart, "touched_at")
        inventory.extend_holds(holder=cart.holder, until=_until())


def _hold(cart: Cart, wanted: Mapping[int, int]) -> None:
    most, client = settings.RATE_HOLD_PIECES, _counted_client(cart)
    inventory.hold_stock(wanted, holder=cart.holder, until=_until(), at_most=most, client=client)


def _keep(cart: Cart, wanted: Mapping[int, int], *, instead_of: str = "") -> None:
    inventory.keep_holds(
        wanted, holder=cart.holder, until=_until(), at_most=settings.RATE_HOLD_PIECES, client=_counted_client(cart),
        instead_of=instead_of,
    )  # fmt: skip


def _counted_client(cart: Cart) -> str:
    return cart.client if settings.RATE_LIMITS_ON else ""


def _until() -> datetime:
    return clock.now() + timedelta(seconds=settings.RESERVATION_TTL_SECONDS)


def _lines_to_hold_again(cart: Cart) -> dict[int, int]:
    """The lines that are not held whole though their pieces are there; none once the cap on held pieces is reached."""
    held = {variant_id: hold.quantity for variant_id, hold in stock.holds_of(cart.holder).items()}
    unheld = {variant_id: n for variant_id, n in pieces_in(cart).items() if held.get(variant_id, 0) < n}
    if not unheld or sum(held.values()) >= settings.RATE_HOLD_PIECES:
        return {}
    free = stock.available_pieces(list(unheld))
    return {variant_id: n for variant_id, n in unheld.items() if n <= free[variant_id] + held.get(variant_id, 0)}


def _write_lines(cart: Cart, quantities: Mapping[int, int]) -> None:
    CartLine.objects.bulk_create(
        [CartLine(cart=cart, variant_id=pk, quantity=n) for pk, n in quantities.items()],
        update_conflicts=True,
        unique_fields=["cart", "variant"],
        update_fields=["quantity"],
    )


def _merged(into: Cart, there: list[CartLine], *, holders: tuple[str, ...]) -> tuple[dict[int, int], MergeReport]:
    here = pieces_in(into)
    free = stock.available_pieces([line.variant_id for line in there])
    for holder in holders:
        for variant_id, hold in stock.holds_of(holder).items():
            free[variant_id] = free.get(variant_id, 0) + hold.quantity
    quantities: dict[int, int] = {}
    report = []
    for line in there:
        already = here.get(line.variant_id, 0)
        if not already and len(here) >= rules.MOST_LINES:
            report.append(MergedLine(line.variant.sku, added=0, capped=line.quantity, reason=CapReason.MOST_LINES))
            continue
        together, reason = rules.merged_quantity(already, line.quantity, available=free[line.variant_id])
        here[line.variant_id] = quantities[line.variant_id] = together
        added = together - already
        report.append(MergedLine(line.variant.sku, added=added, capped=line.quantity - added, reason=reason))
    return quantities, MergeReport(tuple(report))
