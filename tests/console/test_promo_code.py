"""`./shop promo_code`: for staff and scripts, may be run again."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from kidspetite.goods.pricing.models import PromoCode, Promotion

pytestmark = pytest.mark.django_db


def run(*words: str) -> dict[str, Any]:
    out = StringIO()
    call_command("promo_code", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(*words: str) -> dict[str, Any]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("promo_code", *words, "--json", stdout=out)
    assert ended.value.code == 1
    return json.loads(out.getvalue())


def test_a_code_is_made_shown_and_made_again_by_the_same_script():
    assert run("SPRING10", "--percent", "10", "--limit", "3") == {"code": "SPRING10", "limit": 3, "used": 0}
    assert run("spring 10") == {"code": "SPRING10", "limit": 3, "used": 0}
    assert run("SPRING10", "--percent", "10", "--limit", "5") == {"code": "SPRING10", "limit": 5, "used": 0}
    assert Promotion.objects.count() == PromoCode.objects.count() == 1
    assert run("SPRING10", "--limit", "7")["limit"] == 7


def test_a_code_that_gives_something_else_is_not_given_again():
    run("SPRING10", "--percent", "10")
    assert refused("SPRING10", "--percent", "20")["code"] == "pricing.code_taken"
    assert Promotion.objects.get().percent == 10


@pytest.mark.parametrize(
    "words", [("--percent", "0"), ("--percent", "101"), ("--percent", "ten"), ("--percent", "10", "--limit", "-1")]
)
def test_bad_numbers_are_refused(words):
    assert refused("SPRING10", *words)["code"] == "pricing.promotion_invalid"
    assert not Promotion.objects.exists()


def test_what_is_not_there_is_told():
    assert refused("NOSUCH")["code"] == "pricing.no_such_promotion"


def test_a_code_with_conditions_and_its_switch():
    run(
        "BABY",
        "--amount",
        "500",
        "--minimum",
        "2000",
        "--per-customer",
        "1",
        "--days",
        "7",
        "--only-for",
        "a@b.example",
    )
    row = Promotion.objects.get()
    assert (row.kind, row.amount_minor, row.minimum_minor, row.limit_per_customer) == ("amount", 500, 2000, 1)
    assert row.ends_at is not None
    run("BABY", "--stop")
    row.refresh_from_db()
    assert row.stopped_at is not None
