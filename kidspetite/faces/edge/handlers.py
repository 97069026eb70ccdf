"""What kept pages do when the shop changes. The news leaves with the commit that made it true."""

from __future__ import annotations

from datetime import datetime

from kidspetite.faces.edge.events import CdnNoted, PagesOutdated
from kidspetite.faces.edge.pagecache.network import note_for_cdn, send_cdn_notes
from kidspetite.faces.edge.pagecache.purging import purge, tags_of
from kidspetite.foundation.content.events import PageSaved, ShopSettingsChanged
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.publishing import calls_out, on, publish, within
from kidspetite.goods.catalog.events import CatalogChanged
from kidspetite.goods.pricing.events import PromotionsChanged
from kidspetite.sales.shipping.events import RatesChanged


@within(CatalogChanged)
@within(PromotionsChanged)
@within(ShopSettingsChanged)
@within(PageSaved)
@within(RatesChanged)
def purge_at_once(event: object) -> None:
    """Every process drops the pages that show what changed."""
    purge(tags_of(event))


@on(CatalogChanged)
@on(PromotionsChanged)
@on(ShopSettingsChanged)
@on(PageSaved)
@on(RatesChanged)
def note_for_network(event: object) -> None:
    """The network before the shop hears of it too."""
    note_for_cdn(tags_of(event))


@calls_out(CdnNoted)
def purge_at_network(event: CdnNoted) -> None:
    """Everything that is noted by now goes together, so that many changes at once are few calls."""
    send_cdn_notes()


@on(ShopSettingsChanged)
def purge_when_it_holds(event: ShopSettingsChanged) -> None:
    """Facts that hold from a later moment on are not on the pages before."""
    begins = datetime.fromisoformat(event.valid_from)
    if begins > clock.now():
        publish(PagesOutdated(tags_of(event)), at=begins)


@on(PagesOutdated)
def purge_now(event: PagesOutdated) -> None:
    """Here and at the network."""
    purge(event.tags)
    note_for_cdn(event.tags)
