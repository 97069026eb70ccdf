"""Many shelves at once: stock-takes and tables, looked at before anything changes."""

import codecs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kidspetite.faces.backoffice.stock_table import read_table
from kidspetite.foundation.accounts.types import Role
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as shelves
from tests.factories.checkout import a_stocked_variant
from tests.factories.inventory import hold_for, soon
from tests.factories.orders import a_paid_order

pytestmark = pytest.mark.django_db

TABLE = "/admin/stock-sheets/table"


@pytest.fixture(autouse=True)
def kept_promises():
    yield
    assert shelves.broken_promises() == []


def on_hand(*variants: Variant) -> list[int]:
    return [shelves.stock_facts(one.sku).on_hand for one in variants]


def upload(client: Client, raw: bytes | str, *, meaning: str = "adjusted") -> tuple[int, str]:
    """Status and where it leads, or what the page says."""
    data = raw.encode() if isinstance(raw, str) else raw
    answer = client.post(TABLE, {"as": meaning, "file": SimpleUploadedFile("stock.csv", data)})
    return answer.status_code, answer["Location"] if answer.status_code == 302 else answer.content.decode()


def test_a_stock_take_from_empty_sheet_to_changed_shelves(owner):
    coat, hat, sock = a_stocked_variant(10), a_stocked_variant(4), a_stocked_variant(7)
    path = owner.post("/admin/stock-sheets")["Location"]
    counts = {f"count-{coat.pk}": "8", f"count-{hat.pk}": "4", f"count-{sock.pk}": ""}
    assert owner.post(path, counts).status_code == 302
    shown = owner.get(path).content.decode()
    assert "2 shelves on the sheet. 1 differs." in shown
    assert "counted 8, the books said 10" in shown
    assert on_hand(coat, hat, sock) == [10, 4, 7]
    assert owner.post(f"{path}/application", {"reason": " "}).status_code == 422
    for _twice in range(2):
        assert owner.post(f"{path}/application", {"reason": "Counted in November"}).status_code == 302
    assert on_hand(coat, hat, sock) == [8, 4, 7]
    story = owner.get(f"/admin/stock/{coat.sku}").content.decode()
    assert "How it came to 8" in story
    assert f'href="{path}"' in story
    assert "Counted in November" in story
    assert "owner" in story.lower()
    assert owner.post(path, {f"count-{coat.pk}": "1"}).status_code == 409


def test_what_is_sold_between_counting_and_applying_stays_sold(owner):
    coat = a_stocked_variant(10)
    path = owner.post("/admin/stock-sheets")["Location"]
    owner.post(path, {f"count-{coat.pk}": "9"})
    inventory.make_firm({coat.pk: 3}, from_holder="cart:1", holder="order:A", until=soon())
    inventory.sell_held(holder="order:A", cause="order:A")
    assert "7 now, then 6" in owner.get(path).content.decode()
    owner.post(f"{path}/application", {"reason": "count"})
    assert on_hand(coat) == [6]


def test_the_sheet_says_what_waits_to_be_packed(owner):
    order = a_paid_order()
    path = owner.post("/admin/stock-sheets")["Location"]
    sku = order.lines.get().sku
    assert f"{order.lines.get().quantity} to pack, not to count" in owner.get(f"{path}?q={sku}").content.decode()


@pytest.mark.parametrize("typed", ["-1", "two", "1.5", "9999999", "١"])
def test_a_count_that_is_none_is_shown_again_and_nothing_is_noted(owner, typed):
    coat, hat = a_stocked_variant(10), a_stocked_variant(10)
    path = owner.post("/admin/stock-sheets")["Location"]
    answer = owner.post(path, {f"count-{coat.pk}": typed, f"count-{hat.pk}": "3", "count-x": "1", "count-999999": "1"})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert shelves.sheet(int(path.rsplit("/", 1)[1])).lines == ()


def test_a_shelf_being_paid_for_refuses_the_sheet_and_says_which(owner):
    coat, hat = a_stocked_variant(5), a_stocked_variant(5)
    path = owner.post("/admin/stock-sheets")["Location"]
    owner.post(path, {f"count-{coat.pk}": "1", f"count-{hat.pk}": "4"})
    inventory.make_firm({coat.pk: 3}, from_holder="cart:1", holder="order:A", until=soon())
    answer = owner.post(f"{path}/application", {"reason": "count"})
    assert answer.status_code == 409
    assert "More pieces are being paid for" in answer.content.decode()
    assert on_hand(coat, hat) == [5, 5]
    owner.post(f"{path}/struck", {"sku": coat.sku})
    assert owner.post(f"{path}/application", {"reason": "count"}).status_code == 302
    assert on_hand(coat, hat) == [5, 4]


def test_a_sheet_can_be_thrown_away_and_a_stranger_is_told_so(owner):
    coat = a_stocked_variant(5)
    path = owner.post("/admin/stock-sheets")["Location"]
    owner.post(path, {f"count-{coat.pk}": "1"})
    assert owner.post(f"{path}/removal").status_code == 302
    assert owner.get(path).status_code == 404
    assert on_hand(coat) == [5]


def test_a_table_shows_what_would_change_then_changes_it(owner):
    coat, hat, sock = a_stocked_variant(5), a_stocked_variant(5), a_stocked_variant(5)
    inventory.make_firm({sock.pk: 1}, from_holder="cart:1", holder="order:A", until=soon())
    raw = f"SKU;Piece;add;set;was\n{coat.sku};a coat;+3;;\n\n{hat.sku};a hat;;2;\n{sock.sku};a sock;;9;6\n"
    status, path = upload(owner, codecs.BOM_UTF8 + raw.encode())
    assert status == 302
    assert on_hand(coat, hat, sock) == [5, 5, 5]
    inventory.sell_held(holder="order:A", cause="order:A")
    shown = owner.get(path).content.decode()
    assert "5 now, then 8" in shown
    assert "5 now, then 2" in shown
    assert "4 now, then 7" in shown
    owner.post(f"{path}/application", {"reason": "delivery note 12"})
    assert on_hand(coat, hat, sock) == [8, 2, 7]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("NO-SUCH,1", "No piece has the SKU “NO-SUCH”."),
        (",1", "The SKU is missing."),
        ("{sku},", "Neither “add” nor “set” has a number."),
        ("{sku},1.5", "“1.5” is no whole number of pieces."),
        ("{sku},\u0661", "is no whole number"),
        ("{sku},many", "“many” is no whole number of pieces."),
        ("{sku},-6", "There are only 5 on hand."),
        ("{sku},1000000", "A shelf takes at most a million pieces."),
        ("{sku},99999999999999999999", "A shelf takes at most a million pieces."),
        ("{other},1", "stands in row 2 already"),
    ],
)
def test_one_bad_row_is_named_and_nothing_of_the_file_is_used(owner, row, words):
    other, coat = a_stocked_variant(5), a_stocked_variant(5)
    line = row.format(sku=coat.sku, other=other.sku)
    status, page = upload(owner, f"sku,add\n{other.sku},1\n{line}\n")
    assert status == 422
    assert words in page
    assert '<th scope="row">3</th>' in page
    assert shelves.sheets() == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "no table of text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "no table of text"),
        (b"name,add\nx,1", "The first row names the columns"),
        (b"sku,add,add\nx,1,2", "is there twice"),
        (b"sku,add\n", "no row below"),
        (b'sku,add\n"x,1', "quotation mark"),
        (b"sku,set\nx,-1", "cannot hold fewer than no pieces"),
        (b"sku,add,set\nx,1,2", "not both"),
        (b"sku,add\n" + b"x,1\n" * 5001, "More than 5000 rows"),
        (b"sku,add\n" + b"y" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw, words):
    _rows, faults = read_table(raw)
    assert words in " ".join(fault.words for fault in faults)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_every_spreadsheet_are_read(encoding, delimiter):
    text = "\r\n".join(
        delimiter.join(cells) for cells in (("sku", "pièce", "add"), ("A-1", "béret", "4"), ("", "", ""))
    )
    rows, faults = read_table(text.encode(encoding))
    assert [(row.line, row.sku, row.add) for row in rows] == [(2, "A-1", 4)]
    assert faults == []


@pytest.mark.parametrize(("meaning", "add", "words"), [("received", "-1", "only adds"), ("damaged", "1", "only takes")])
def test_a_delivery_adds_and_damage_takes_away(owner, meaning, add, words):
    coat = a_stocked_variant(5)
    assert words in upload(owner, f"sku,add\n{coat.sku},{add}\n", meaning=meaning)[1]
    turned = str(-int(add))
    path = upload(owner, f"sku,add\n{coat.sku},{turned}\n", meaning=meaning)[1]
    owner.post(f"{path}/application", {"reason": "as said"})
    assert shelves.timeline(coat.sku)[0].kind == meaning


def test_the_table_of_all_shelves_comes_back_as_it_went(owner):
    coat, hat = a_stocked_variant(5), a_stocked_variant(5)
    raw = owner.get("/admin/stock.csv").content
    assert upload(owner, raw)[1].count("No row of this table changes anything.") == 1
    path = upload(owner, raw.decode().replace(f"{coat.sku},", f"{coat.sku},", 1).replace(",5,5", ",5,6", 1))[1]
    owner.post(f"{path}/application", {"reason": "as said"})
    assert sorted(on_hand(coat, hat)) == [5, 6]


def test_who_may_only_look_sees_sheets_and_no_way_to_change(staff, owner):
    coat = a_stocked_variant(5)
    path = owner.post("/admin/stock-sheets")["Location"]
    owner.post(path, {f"count-{coat.pk}": "1"})
    support = staff(Role.SUPPORT)
    assert support.get(path).status_code == 200
    assert "Throw this sheet away" not in support.get(path).content.decode()
    for address in ("/admin/stock-sheets", path, f"{path}/application", f"{path}/removal", f"{path}/struck", TABLE):
        assert support.post(address, {"reason": "x"}).status_code == 403, address
    assert on_hand(coat) == [5]


@pytest.mark.parametrize(
    ("how", "reason", "kind"),
    [("add", "delivery", "received"), ("add", "returned", "returned"), ("take", "damaged", "damaged"),
     ("take", "count", "adjusted"), ("set", "count", "adjusted"), ("add", "other", "adjusted")],
)  # fmt: skip
def test_a_change_is_written_down_as_what_it_was(owner, how, reason, kind):
    coat = a_stocked_variant(5)
    assert owner.post(f"/admin/stock/{coat.sku}", {"how": how, "count": "2", "reason": reason}).status_code == 302
    assert shelves.timeline(coat.sku)[0].kind == kind


def test_the_story_tells_holds_when_asked_and_leads_to_orders(owner):
    order = a_paid_order()
    sku = order.lines.get().sku
    hold_for("cart:77", Variant.objects.get(sku=sku), 1)
    bare = owner.get(f"/admin/stock/{sku}").content.decode()
    assert f'href="/admin/orders/{order.number}"' in bare
    assert ">held</th>" not in bare
    assert "basket 77" in bare  # among those it is promised to
    assert ">held</th>" in owner.get(f"/admin/stock/{sku}?holds=1").content.decode()
