from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kidspetite.faces.backoffice import grid as grids
from kidspetite.faces.backoffice.access import actor, allowed, page
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.media import operations as media
from kidspetite.foundation.media import queries as media_queries
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.errors import GridRefused, ProductIncomplete
from kidspetite.goods.catalog.models import Colour, Product, ProductPhoto, Size

# Nine places to look at, in per cent from left and top: a thumb hits them, a mouse too, and no script is needed.
FOCI = tuple((x, y) for y in (20, 50, 80) for x in (20, 50, 80))
FOCUS_WORDS = (
    "top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom", "bottom right",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("catalog.view_variant", to_change="catalog.change_variant")
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    """Sizes × colours in one screen: which there are, at what price, how many. Saved whole or not at all."""
    product = _product(pk)
    asked = request.POST if request.method == "POST" else request.GET
    typed = grids.grid_of(product, more_colours=_ids(asked.getlist("colour")), more_sizes=_ids(asked.getlist("size")))
    if request.method == "GET":
        return _grid_page(request, typed)
    grids.retype(typed, request.POST.dict())
    if "fill" in request.POST:
        filled = grids.fill(typed, request.POST.dict())
        words = ngettext("%(n)d cell filled, not saved yet.", "%(n)d cells filled, not saved yet.", filled)
        messages.info(request, words % {"n": filled})
        return _grid_page(request, typed)
    if error := _save(typed, by=actor(request)):
        return _grid_page(request, typed, error=error)
    is_on_sale = typed.product.status == Product.Status.ACTIVE
    messages.success(request, _("Saved. The shop shows it now.") if is_on_sale else _("Saved. It is not on sale yet."))
    return redirect("desk:grid", pk)


@require_POST
@allowed("catalog.change_product")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a product on sale from now; refused while it has no piece to buy."""
    product = _product(pk)
    product.status = Product.Status.ACTIVE
    try:
        catalog.save_product(product, by=actor(request))
    except ProductIncomplete as refusal:
        messages.warning(request, f"{refusal.message} {refusal.errors[0].message}")
        return redirect("desk:grid", pk)
    messages.success(request, _("%(name)s is on sale.") % {"name": product.name})
    return redirect("desk:grid", pk)


@require_http_methods(["GET", "POST"])
@allowed("catalog.view_productphoto", to_change="catalog.add_productphoto")
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """The pictures of a product, and a new one from a phone or a disk."""
    product = _product(pk)
    if request.method == "GET":
        return _pictures_page(request, product)
    alt = " ".join(request.POST.get("alt", "").split())[:300]
    file = request.FILES.get("file")
    if file is None or not alt:
        fault = _("Choose a picture.") if file is None else _("Say what it shows, for those who cannot see it.")
        return _pictures_page(request, product, fault=fault)
    focal_x, focal_y = _focus(request.POST.get("focus", ""))
    try:
        picture = media.store_photo(file, alt, focal_x=focal_x, focal_y=focal_y)
    except DomainError as refusal:
        return _pictures_page(request, product, fault=str(refusal.message))
    colour_id, view = _place(request)
    catalog.add_photo(product.pk, picture.pk, colour_id=colour_id, view=view, by=actor(request))
    messages.success(request, _("The picture is there; its sizes for phones follow in a minute."))
    return redirect("desk:pictures", pk)


@require_POST
@allowed("catalog.change_productphoto")
def arrange(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    """Change the words, the focal point, the colour or the place of one picture."""
    row = _photo(pk, photo)
    alt = " ".join(request.POST.get("alt", "").split())[:300]
    if not alt:
        return _pictures_page(request, row.product, fault=_("Say what it shows, for those who cannot see it."))
    focal_x, focal_y = _focus(request.POST.get("focus", ""))
    position = request.POST.get("position", "")
    colour_id, view = _place(request)
    media.describe_picture(row.picture_id, alt=alt, focal_x=focal_x, focal_y=focal_y)
    catalog.arrange_photo(
        row.pk, colour_id=colour_id, view=view, by=actor(request),
        position=int(position) if position.isdecimal() and len(position) < 4 else row.position,
    )  # fmt: skip
    messages.success(request, _("Saved."))
    return redirect("desk:pictures", pk)


@require_POST
@allowed("catalog.delete_productphoto")
def take_away(request: HttpRequest, pk: int, photo: int) -> HttpResponse:
    catalog.take_photo_away(_photo(pk, photo).pk, by=actor(request))
    messages.success(request, _("The picture is no longer shown with this product."))
    return redirect("desk:pictures", pk)


def _save(typed: grids.Grid, *, by: str) -> str:
    """Prices and pieces in one transaction. Gives what is wrong, in a sentence; the cells say the rest."""
    cells = grids.read(typed)
    sentence = _("Some cells need another look. Nothing was changed.")
    if any(cell.errors for cell in typed.cells):
        return sentence
    try:
        with transaction.atomic():
            variants = catalog.save_grid(typed.product.pk, cells, by=by)
            if not grids.count_shelves(typed, variants, by=by):
                transaction.set_rollback(True)
                return sentence
    except GridRefused as refusal:
        grids.note(typed, refusal.errors)
        return str(refusal.message)
    return ""


def _grid_page(request: HttpRequest, typed: grids.Grid, *, error: str = "") -> HttpResponse:
    here_colours = {colour.pk for colour, _row in typed.rows}
    here_sizes = {size.pk for size in typed.sizes}
    context = {
        "grid": typed,
        "product": typed.product,
        "colours": [(colour, colour.pk in here_colours) for colour in Colour.objects.all()],
        "sizes": [(size, size.pk in here_sizes) for size in Size.objects.all()],
        "can_go_on_sale": typed.product.status == Product.Status.DRAFT and any(cell.sku for cell in typed.cells),
        "has_picture": typed.product.photos.exists(),
        "error": error,
        "typed": request.POST if request.method == "POST" else {},
        "here": "/admin/catalog/product/",
    }
    return page(request, "grid.html", context, status=422 if error else 200)


def _pictures_page(request: HttpRequest, product: Product, *, fault: str = "") -> HttpResponse:
    photos = product.photos.select_related("picture", "colour").order_by("position", "pk")
    context: dict[str, Any] = {
        "product": product,
        "photos": [
            (photo, media_queries.sources_of(photo.picture), _nearest(photo.picture.focal_x, photo.picture.focal_y))
            for photo in photos
        ],
        "colours": Colour.objects.filter(pk__in=product.variants.order_by().values("colour_id")),
        "views": ProductPhoto.View.choices,
        "foci": [(f"{x}x{y}", words) for (x, y), words in zip(FOCI, FOCUS_WORDS, strict=True)],
        "fault": fault,
        "typed": request.POST if fault else {},
        "here": "/admin/catalog/product/",
    }
    return page(request, "pictures.html", context, status=422 if fault else 200)


def _product(pk: int) -> Product:
    found = Product.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _photo(product_pk: int, photo: int) -> ProductPhoto:
    found = ProductPhoto.objects.filter(pk=photo, product_id=product_pk).select_related("product").first()
    if found is None:
        raise Http404
    return found


def _place(request: HttpRequest) -> tuple[int | None, str]:
    colour, view = request.POST.get("colour", ""), request.POST.get("view", "")
    known = Colour.objects.filter(pk=colour).exists() if colour.isdecimal() and len(colour) < 10 else False
    return (int(colour) if known else None), view if view in ProductPhoto.View.values else ProductPhoto.View.OTHER


def _ids(texts: list[str]) -> set[int]:
    return {int(text) for text in texts[:100] if text.isdecimal() and len(text) < 10}


def _focus(text: str) -> tuple[int, int]:
    x, _by, y = text.partition("x")
    return (int(x), int(y)) if x.isdecimal() and y.isdecimal() and len(text) < 8 else (50, 50)


def _nearest(x: int, y: int) -> str:
    best = min(FOCI, key=lambda focus: (focus[0] - x) ** 2 + (focus[1] - y) ** 2)
    return f"{best[0]}x{best[1]}"
