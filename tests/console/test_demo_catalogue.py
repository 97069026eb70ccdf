"""The demo shop's words: enough of them, each its own, in the house's voice; and a loader that refuses bad rows."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import zipcodes

from kidspetite.faces.console.demo import catalogue as demo
from kidspetite.faces.console.demo import shopkeeping
from kidspetite.faces.console.demo.rows import DemoDataError
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.content.queries import facts_of
from kidspetite.foundation.media.drawing.types import CLOTHS, Drawing, Fabric, Garment, Pattern

CATALOGUE = demo.load_catalogue()
SHOP_WORDS = re.compile(
    r"!|'|\b(little ones?|oops|perfect|adorable|cute|must-have|hurry|amazing|stunning|cozy|snuggl\w*|colour\w*|grey)\b",
    re.IGNORECASE,
)
SPECIMEN = {"Harbour bodysuit", "Pip bodysuit", "Puddle bodysuit", "Deck bodysuit", "Fern sleepsuit", "Puddle raincoat"}


def _sentences() -> Iterator[tuple[str, str]]:
    for place, text in demo.shopper_texts(CATALOGUE):
        for sentence in re.split(r"(?<=[.;])\s+", text):
            yield place, sentence.strip(" .;")


# Enough, and well spread


def test_the_shop_is_well_stocked():
    variants = [variant for product in CATALOGUE.products for variant in product.variants]
    assert len(CATALOGUE.products) >= 84
    assert len(variants) >= 800
    assert len(CATALOGUE.categories) >= 14
    assert len(CATALOGUE.collections) >= 8
    assert {product.name for product in CATALOGUE.products} >= SPECIMEN
    assert (
        800 <= min(p.price_cents for p in CATALOGUE.products) <= max(p.price_cents for p in CATALOGUE.products) <= 7800
    )
    assert any(variant.stock == 0 for variant in variants)
    assert any(0 < variant.stock < 5 for variant in variants)


def test_about_a_tenth_of_the_styles_cost_more_before():
    reduced = [product for product in CATALOGUE.products if product.compare_at_cents]
    assert 0.05 <= len(reduced) / len(CATALOGUE.products) <= 0.15


def test_every_garment_pattern_fabric_and_cloth_is_on_the_shelf():
    colours = [in_colour for product in CATALOGUE.products for in_colour in product.colours]
    assert {product.garment for product in CATALOGUE.products} == set(Garment)
    assert {product.fabric for product in CATALOGUE.products} == set(Fabric)
    assert {in_colour.pattern for in_colour in colours} == set(Pattern)
    assert {in_colour.colour for in_colour in colours} == set(CLOTHS)


def test_every_shelf_holds_something():
    shelves = {category.slug for category in CATALOGUE.categories if category.parent}
    assert {product.category for product in CATALOGUE.products} == shelves


def test_the_home_page_has_rows_of_at_least_four():
    rows = CATALOGUE.home_collections
    assert [row.home_order for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 4
    assert all(len(row.products) >= 4 for row in CATALOGUE.collections)


def test_a_present_under_thirty_dollars_costs_less():
    prices = {product.slug: product.price_cents for product in CATALOGUE.products}
    row = next(row for row in CATALOGUE.collections if row.slug == "present-under-thirty")
    assert max(prices[slug] for slug in row.products) < 3000
    assert len(row.products) == 8


# Facts


def test_the_body_tape_runs_from_50_to_128_without_a_gap():
    tape = [size for size in CATALOGUE.sizes if size.group == "body"]
    assert [size.height_cm for size in tape] == list(range(50, 129, 6))
    for smaller, larger in pairwise(tape):
        assert smaller.height_to_cm == larger.height_from_cm
        assert smaller.weight_to_g == larger.weight_from_g
        assert smaller.age_to_months <= larger.age_to_months


def test_twenty_two_pounds_and_thirty_inches_is_12_to_18_months():
    height_cm, weight_g = 30 * 2.54, 22 * 453.59
    fits = [
        size.label
        for size in CATALOGUE.sizes
        if size.group == "body"
        and size.height_from_cm < height_cm <= size.height_to_cm
        and size.weight_from_g < weight_g <= size.weight_to_g
    ]
    assert fits == ["12–18 m"]


def test_swatches_are_the_cloths_of_the_drawing_engine():
    assert {colour.key: colour.hex for colour in CATALOGUE.colours} == CLOTHS


def test_every_style_can_be_drawn_in_every_size_and_colour():
    heights = {size.key: size.height_cm for size in CATALOGUE.sizes}
    for product in CATALOGUE.products:
        for in_colour in product.colours:
            for size in product.sizes:
                Drawing(
                    garment=product.garment,
                    cloth=in_colour.colour,
                    accent=in_colour.accent,
                    pattern=in_colour.pattern,
                    fabric=product.fabric,
                    sleeve=product.sleeve,
                    height_cm=heights[size],
                    seed=product.slug,
                )


def test_variants_have_unique_skus_and_grow_heavier_with_size():
    skus = [variant.sku for product in CATALOGUE.products for variant in product.variants]
    assert len(set(skus)) == len(skus)
    assert all(re.fullmatch(r"[A-Z0-9]{4}-[A-Z]{3}-[A-Z0-9]{1,4}", sku) for sku in skus)
    harbour = next(product for product in CATALOGUE.products if product.slug == "harbour-bodysuit")
    weights = [variant.weight_g for variant in harbour.variants if variant.colour == "cherry"]
    assert weights == sorted(weights)
    assert weights[len(weights) // 2] == harbour.weight_g


def test_texts_fit_their_columns():
    for product in CATALOGUE.products:
        assert len(product.name) <= 40
        assert len(product.summary) <= 90
        assert 2 <= len(product.facts) <= 5
        assert all(len(fact) <= 90 for fact in product.facts)
        assert len(CATALOGUE.safety_text(product)) <= 400
        assert 2 <= len(re.findall(r"[.](?:\s|$)", product.description)) <= 4, product.slug


# Voice


def test_no_sentence_is_used_twice():
    seen = Counter(sentence for _, sentence in _sentences())
    assert [sentence for sentence, times in seen.items() if times > 1] == []


def test_descriptions_do_not_follow_one_template():
    for words in (1, 2):
        openings = Counter(" ".join(product.description.split()[:words]) for product in CATALOGUE.products)
        opening, times = openings.most_common(1)[0]
        assert times <= (14 if words == 1 else 2), opening


def test_the_voice_is_calm_and_american():
    pages = [(page.slug, page.body) for page in shopkeeping.load_pages()]
    home = shopkeeping.load_home()
    own = [("home", text) for text in (home.heading, home.sub, home.registry_text, *(fact.text for fact in home.fact))]
    notes = [(note.code, note.text) for note in (*CATALOGUE.care, *CATALOGUE.safety)]
    found = [
        (place, match.group())
        for place, text in [*demo.shopper_texts(CATALOGUE), *pages, *own, *notes]
        if (match := SHOP_WORDS.search(text))
    ]
    assert [hit for hit in found if hit != ("accessibility", "hurry")] == []


# The loader refuses


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo files that a test may spoil."""
    for path in demo.FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def _spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


BODYSUITS = "products-bodysuits.toml"

BAD_ROWS = [
    ("an unknown key", BODYSUITS, 'code = "HARB"', 'code = "HARB"\ngender = "neutral"', r"harbour-bodysuit.*'gender'"),
    ("a missing key", BODYSUITS, 'origin = "PT"\n', "", r"harbour-bodysuit.*'origin' is missing"),
    ("a wrong type", BODYSUITS, "price_cents = 1800", 'price_cents = "18"', r"price_cents: expected int"),
    ("a number that is a bool", BODYSUITS, "weight_g = 72", "weight_g = true", r"weight_g: expected int"),
    ("an empty text", BODYSUITS, 'code = "HARB"', 'code = " "', r"code: the text is empty"),
    ("a slug used twice", BODYSUITS, 'slug = "pip-bodysuit"', 'slug = "harbour-bodysuit"', r"stands there twice"),
    ("a crooked slug", BODYSUITS, 'slug = "harbour-bodysuit"', 'slug = "Harbour Bodysuit"', r"use lower-case"),
    ("a code used twice", BODYSUITS, 'code = "PIPB"', 'code = "HARB"', r"products, code: 'HARB'"),
    ("fibres of 99 %", BODYSUITS, "percent = 95", "percent = 94", r"harbour-bodysuit: the fibres sum to 99 %"),
    ("an unknown size", BODYSUITS, '["nb..24m"]', '["nb..25m"]', r"sizes: '25m' is unknown"),
    ("a range that runs down", BODYSUITS, '["nb..24m"]', '["24m..nb"]', r"does not run up one tape"),
    ("a range across tapes", BODYSUITS, '["nb..24m"]', '["nb..sock-14"]', r"does not run up one tape"),
    ("a size twice", BODYSUITS, '["nb..24m"]', '["nb..24m", "6m"]', r"sizes: '6m' stands there twice"),
    ("an unknown cloth", BODYSUITS, 'colour = "cherry"', 'colour = "crimson"', r"'crimson' is unknown"),
    ("an unknown pattern", BODYSUITS, 'pattern = "breton"', 'pattern = "paisley"', r"'paisley' is none of"),
    ("a pattern on itself", BODYSUITS, 'accent = "milk" }', 'accent = "cherry" }', r"cannot be seen"),
    ("fair isle on jersey", BODYSUITS, 'pattern = "breton"', 'pattern = "fair_isle"', r"fair_isle is knitted"),
    ("an unknown shelf", BODYSUITS, 'category = "bodysuits"', 'category = "vests"', r"category: 'vests' is unknown"),
    ("a root as shelf", BODYSUITS, 'category = "bodysuits"', 'category = "tops"', r"category: 'tops' is unknown"),
    ("a care code made up", BODYSUITS, '"wash_60"', '"boil"', r"care: 'boil' is unknown"),
    ("no wash code", BODYSUITS, '"wash_60", ', "", r"needs exactly one wash code"),
    ("no age grade", BODYSUITS, '"age_birth", ', "", r"needs exactly one age grade"),
    ("a reduction upward", BODYSUITS, "compare_at_cents = 2400", "compare_at_cents = 1800", r"is not above the price"),
    ("stock of no piece", BODYSUITS, '"12m/cherry" = 0', '"8/cherry" = 0', r"there is no piece '8/cherry'"),
    ("negative stock", BODYSUITS, '"12m/cherry" = 0', '"12m/cherry" = -1', r"cannot hold -1"),
    ("a country in words", BODYSUITS, 'origin = "PT"', 'origin = "Portugal"', r"no two-letter country code"),
    ("sleepwear without its note", "products-sleep.toml", '"sleepwear_snug", ', "", r"exactly one flammability note"),
    ("an infant note on 6–12 m", "products-sleep.toml", '["nb..3m"]', '["nb..12m"]', r"12m is too large"),
    ("an orphan category", "categories.toml", 'parent = "tops"', 'parent = "attic"', r"no root named 'attic'"),
    ("a size that shrinks", "sizes.toml", "height_to_cm = 50", "height_to_cm = 40", r"height runs from 45 to 40"),
    ("a tape number off its range", "sizes.toml", "height_cm = 50", "height_cm = 60", r"outside its own range"),
    (
        "an unknown product",
        "collections.toml",
        '"harbour-bodysuit"',
        '"harbor-bodysuit"',
        r"'harbor-bodysuit' is unknown",
    ),
    ("two first rows", "collections.toml", "home_order = 2", "home_order = 1", r"home_order: '1' stands there twice"),
    ("a table of another name", "colours.toml", "[[colour]]", "[[color]]", r"unknown table 'color'"),
    ("broken TOML", "colours.toml", 'key = "milk"', 'key = "milk', r"colours.toml: "),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"), [row[1:] for row in BAD_ROWS], ids=[row[0] for row in BAD_ROWS]
)
def test_the_catalogue_refuses(folder: Path, file: str, old: str, new: str, complaint: str):
    _spoil(folder, file, old, new)
    with pytest.raises(DemoDataError, match=complaint):
        demo.load_catalogue(folder)


def test_an_unspoiled_copy_loads(folder: Path):
    assert demo.load_catalogue(folder) == CATALOGUE


def test_a_folder_without_files_is_refused(tmp_path: Path):
    with pytest.raises(DemoDataError, match=r"sizes.toml: the file is missing"):
        demo.load_catalogue(tmp_path)


BAD_HOUSEKEEPING: list[tuple[str, Callable[[Path], object], str, str, str, str]] = [
    (
        "a real mail domain",
        shopkeeping.load_shop,
        "shop.toml",
        "kidspetite.example",
        "kidspetite.com",
        "does not end in .example",
    ),
    ("a time zone made up", shopkeeping.load_shop, "shop.toml", "America/New_York", "America/Kingston", "is unknown"),
    (
        "an hour past midnight",
        shopkeeping.load_shop,
        "shop.toml",
        "cutoff_hour = 14",
        "cutoff_hour = 24",
        "cutoff_hour runs",
    ),
    ("a state twice", shopkeeping.load_shop, "shop.toml", '"NJ"', '"NY"', "'NY' stands there twice"),
    ("a state in words", shopkeeping.load_shop, "shop.toml", '"NJ"', '"New Jersey"', "no two-letter state"),
    ("a holiday twice", shopkeeping.load_shop, "shop.toml", "2026-01-19", "2026-01-01", "stands there twice"),
    ("a date as text", shopkeeping.load_shop, "shop.toml", "date = 2026-01-19", 'date = "Jan 19"', "expected a date"),
    ("a mail used twice", shopkeeping.load_people, "people.toml", "support@", "owner@", "stands there twice"),
    (
        "a role without login",
        shopkeeping.load_people,
        "people.toml",
        'role = "Support"',
        'role = "Owner"',
        "signs in as Support",
    ),
    ("a short ZIP", shopkeeping.load_people, "people.toml", '"12401"', '"1240"', "NY 1240 is no address"),
    (
        "a placeholder made up",
        shopkeeping.load_pages,
        "pages.toml",
        "{{shop.email}}",
        "{{shop.mail}}",
        "'shop.mail' is unknown",
    ),
    (
        "a page twice",
        shopkeeping.load_pages,
        "pages.toml",
        'slug = "terms"',
        'slug = "about"',
        "'about' stands there twice",
    ),
    ("a home fact made up", shopkeeping.load_home, "home.toml", "{{shop.phone}}", "{{phone}}", "'phone' is unknown"),
]


@pytest.mark.parametrize(
    ("load", "file", "old", "new", "complaint"),
    [row[1:] for row in BAD_HOUSEKEEPING],
    ids=[row[0] for row in BAD_HOUSEKEEPING],
)
def test_housekeeping_refuses(
    folder: Path, load: Callable[[Path], object], file: str, old: str, new: str, complaint: str
):
    _spoil(folder, file, old, new)
    with pytest.raises(DemoDataError, match=complaint):
        load(folder)


# Housekeeping


def test_all_six_pages_are_there_and_name_a_way_to_reach_us():
    pages = {page.slug: page for page in shopkeeping.load_pages()}
    assert set(pages) == {"shipping", "returns", "privacy", "terms", "about", "accessibility"}
    for page in pages.values():
        assert "{{shop.email}}" in page.body
        assert len(page.body.split()) >= 150
        assert len(page.description) <= 155


def test_every_role_signs_in_once():
    people = shopkeeping.load_people()
    assert sorted(member.role for member in people.staff) == sorted(shopkeeping.Role)
    assert people.password == "measure-twice-cut-once"


def test_pages_ask_only_for_facts_that_the_settings_give():
    assert set(facts_of(ShopSettings(cutoff_hour=14))) == shopkeeping.PLACEHOLDERS


def test_customers_live_where_parcels_are_hard_too():
    people = shopkeeping.load_people()
    states = {address.state for customer in people.customer for address in customer.addresses}
    assert len(people.customer) >= 12
    assert states >= {"AK", "HI", "PR", "AE"}
    assert any(customer.phone is None for customer in people.customer)


def test_every_customers_zip_lies_in_its_city_and_state():
    for customer in shopkeeping.load_people().customer:
        for address in customer.addresses:
            places = {(place["city"].upper(), place["state"]) for place in zipcodes.matching(address.postal_code)}
            assert (address.city.upper(), address.state) in places, address
