"""Addresses for trying the door: each shows one thing a view may do."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from psycopg import errors as pg

from kidspetite.config.urls import handler400, handler403, handler404, handler500
from kidspetite.faces.edge.caching import cacheable
from kidspetite.foundation.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unavailable

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def echo(request: HttpRequest, token: str = "") -> JsonResponse:
    return JsonResponse(
        {
            "method": request.method,
            "fields": dict(request.POST.lists()),
            "length": int(request.META.get("CONTENT_LENGTH") or 0),
        }
    )


@csrf_exempt
def marked(request: HttpRequest) -> JsonResponse:
    return echo(request)


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def boom(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret@mail.example")


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    locked = OperationalError("lock")
    locked.__cause__ = pg.LockNotAvailable("lock")
    raise {
        "invalid": Invalid(errors=(FieldError("quantity", "Send a whole number."),), sku="A-1"),
        "forbidden": Forbidden(),
        "not-found": NotFound(),
        "conflict": Conflict(left=2),
        "unavailable": Unavailable(),
        "http404": Http404("no"),
        "denied": PermissionDenied(),
        "locked": locked,
        "gone": OperationalError("server closed the connection"),
    }[kind]


@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@cacheable(tags=("catalog",), s_maxage=600)
def shared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the same for all", headers={"Cache-Tag": "product:7"})


@cacheable(tags=("catalog",), s_maxage=600)
def personal(request: HttpRequest, how: str) -> HttpResponse:
    response = HttpResponse("for you")
    if how == "session":
        request.session.get("cart")
    elif how == "token":
        get_token(request)
    elif how == "nonce":
        response.write(str(request._csp_nonce))
    else:
        response.set_cookie("hint", "1")
    return response


@cacheable(tags=("catalog",), s_maxage=600)
def missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("no", status=404)


def one_query(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok")


urlpatterns = [
    path(prefix + address, view)
    for prefix in ("", "api/")
    for address, view in (
        ("echo", echo),
        ("marked", marked),
        ("form", form),
        ("boom", boom),
        ("refuse/<str:kind>", refuse),
        ("only-post", only_post),
        ("shared", shared),
        ("personal/<str:how>", personal),
        ("missing", missing),
        ("query", one_query),
        ("webhooks/stripe", echo),
        ("vitals", echo),
        ("unsubscribe/echo", echo),
        ("checkout", echo),
        ("cart", echo),
        ("search", echo),
        ("sign-in", echo),
        ("admin/login/", echo),
        ("admin/", echo),
        ("admin/catalog/", echo),
        ("admin/orders", echo),
        ("orders/<str:token>", echo),
    )
]
