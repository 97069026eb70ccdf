import json
from argparse import ArgumentParser
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing import queries
from kidspetite.goods.pricing.errors import NoSuchPromotion, PromotionInvalid
from kidspetite.goods.pricing.models import Promotion
from kidspetite.goods.pricing.queries import CodeFacts

BY = "console"


class Command(BaseCommand):
    help = "Show a promotion code, make one (with --percent, --amount or --free-shipping), or change its limit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="such as SPRING10; spaces, hyphens and case do not matter")
        gives = parser.add_mutually_exclusive_group()
        gives.add_argument("--percent", metavar="N", help="per cent off everything")
        gives.add_argument("--amount", type=int, metavar="CENTS", help="cents off the basket")
        gives.add_argument("--free-shipping", action="store_true")
        parser.add_argument("--limit", type=int, metavar="N", help="uses in all; without it as many as one likes")
        parser.add_argument("--per-customer", type=int, metavar="N", help="uses for each customer")
        parser.add_argument("--minimum", type=int, metavar="CENTS", help="the basket costs at least this")
        parser.add_argument("--cap", type=int, metavar="CENTS", help="takes off at most this")
        parser.add_argument("--days", type=int, metavar="N", help="ends after so many days")
        parser.add_argument("--first-order", action="store_true", help="on a first order only")
        parser.add_argument("--only-for", default="", metavar="EMAIL", help="works for one person only")
        parser.add_argument("--name", default="", help="what shoppers read beside the discount")
        parser.add_argument("--stop", action="store_true", help="stop its promotion: it counts nowhere any more")
        parser.add_argument("--json", action="store_true")

    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            facts = self._carried_out(options)
        except DomainError as error:
            self._refuse(error, as_json=options["json"])
            raise SystemExit(1) from error
        if options["json"]:
            self.stdout.write(json.dumps({"code": facts.code, "limit": facts.limit, "used": facts.used}))
        else:
            limit = "no limit" if facts.limit is None else f"limit {facts.limit}"
            self.stdout.write(f"{facts.code}: used {facts.used} times, {limit}")

    @transaction.atomic
    def _carried_out(self, options: dict[str, Any]) -> CodeFacts:
        code, is_new = options["code"], options["percent"] or options["amount"] or options["free_shipping"]
        known = queries.code_facts(code)
        if options["limit"] is not None and options["limit"] < 0:
            raise PromotionInvalid(_needs("a limit of 0 or more"))
        if known is None or (is_new and not _gives_the_same(code, options)):
            _make(code, options)  # where the code gives something else already, that refuses
        elif options["limit"] is not None:
            pricing.set_limit(code, limit=options["limit"], by=BY)
        if options["stop"]:
            pricing.stop_promotion(queries.promotion_of_code(code).pk, by=BY)
        facts = queries.code_facts(code)
        assert facts
        return facts

    def _refuse(self, error: DomainError, *, as_json: bool) -> None:
        sentences = [str(fault.message) for fault in error.errors] or [str(error)]
        if as_json:
            facts = dict(error.facts) | ({"errors": sentences} if error.errors else {})
            self.stdout.write(json.dumps({"code": error.code, "detail": str(error), "facts": facts}))
        else:
            self.stderr.write(f"{' '.join(sentences)} ({error.code})")


def _make(code: str, options: dict[str, Any]) -> None:
    if not (options["percent"] or options["amount"] or options["free_shipping"]):
        raise NoSuchPromotion()
    promotion = pricing.save_promotion(_promotion(code, options), by=BY)
    pricing.add_code(promotion, code, limit=options["limit"], only_for=options["only_for"], by=BY)


def _gives_the_same(code: str, options: dict[str, Any]) -> bool:
    """Whether the code is there and gives what is asked for, so that a script may be run again."""
    there, wanted = queries.promotion_of_code(code), _promotion(code, options)
    return (there.kind, there.percent, there.amount_minor) == (wanted.kind, wanted.percent, wanted.amount_minor)


def _promotion(code: str, options: dict[str, Any]) -> Promotion:
    kind = Promotion.Kind.AMOUNT if options["amount"] else Promotion.Kind.FREE_SHIPPING
    if options["percent"]:
        kind = Promotion.Kind.PERCENT
    return Promotion(
        name=options["name"] or " ".join(code.upper().split()),
        kind=kind,
        percent=_percent(options["percent"]),
        amount_minor=options["amount"],
        minimum_minor=options["minimum"],
        cap_minor=options["cap"],
        limit_per_customer=options["per_customer"],
        first_order_only=options["first_order"],
        ends_at=clock.now() + timedelta(days=options["days"]) if options["days"] else None,
    )


def _percent(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise PromotionInvalid(_needs("a number of per cent, such as 10")) from None


def _needs(what: str) -> str:
    return f"This needs {what}."
