"""The API of the shop: its operations, and how what goes wrong in them is answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from kidspetite import __version__
from kidspetite.faces.api.description import describe
from kidspetite.faces.api.reading import StrictParser, refusal_of
from kidspetite.faces.api.repetition import repeatable
from kidspetite.faces.api.views import addresses, basket, buying, cards, goods, schedule, search, stock, vitals
from kidspetite.faces.edge.answers import answer, translated
from kidspetite.faces.edge.errors import Unreadable
from kidspetite.foundation.kernel.errors import DomainError


class ShopApi(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        describe(schema)
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The view's own name, so that generated clients read well; views are named once."""
        return str(operation.view_func.__name__)


api = ShopApi(
    title="Kids Petite",
    version=__version__,
    urls_namespace="api",
    parser=StrictParser(),
    openapi_url="/openapi.json",
    docs_url=None,
)
api.add_decorator(repeatable, mode="view")
for views in (goods, search, basket, addresses, buying, cards, stock, vitals, schedule):
    api.add_router("", views.router)


@api.exception_handler(Exception)
def answer_to(request: HttpRequest, error: Any) -> HttpResponse:
    """A refusal becomes a problem. Outages and our own mistakes go on to the outer layers, which log them."""
    known = _refusal(error)
    if known is None or (known.status >= 500 and not isinstance(error, DomainError)):
        raise error
    return answer(request, known)


for kind in (ValidationError, HttpError):  # ninja has handlers of its own for these
    api.add_exception_handler(kind, answer_to)


def _refusal(error: Exception) -> DomainError | None:
    match error:
        case ValidationError():
            return refusal_of(error.errors)
        case HttpError() if isinstance(error.__cause__, DomainError):
            return error.__cause__
        case HttpError() | RawPostDataException():
            return Unreadable()
    return translated(error)
