from kidspetite.foundation.notifications.rules import still_wanted
from kidspetite.foundation.plumbing.publishing import on
from kidspetite.goods.inventory import operations
from kidspetite.goods.inventory.events import PiecesFree, PiecesOffered
from kidspetite.goods.inventory.messages import LOW_GUARD, OFFER_GUARD
from kidspetite.goods.inventory.queries.alerts import is_reader
from kidspetite.goods.inventory.queries.waiting import is_offer_open

still_wanted(OFFER_GUARD)(is_offer_open)
still_wanted(LOW_GUARD)(is_reader)


@on(PiecesFree)
def offer_pieces(event: PiecesFree) -> None:
    operations.offer_pieces(event.variant_ids)


@on(PiecesOffered)
def tell_of_offers(event: PiecesOffered) -> None:
    for wait_id, offer in event.offers:
        operations.tell_of_offer(wait_id, offer)
