"""Every component renders in every state the style guide knows, and refuses what it must."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from jinja2 import DictLoader, UndefinedError

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import samples
from kidspetite.foundation.ui.jinja import _compiled_before, environment, render_block
from kidspetite.foundation.ui.types import Card, Link, Segment, Source
from kidspetite.goods.catalog.types import Facet, FacetValue

HERE = Path(samples.__file__).parent / "jinja2" / "ui"
PAGES = {"base", "plain", "error", "confirm", "styleguide"}
FRAME = {"basket_drawer", "head_links", "site_foot"}  # around the guide as around every page
MACROS = sorted(path.stem for path in HERE.glob("*.html") if path.stem not in PAGES)
SHOP = SimpleNamespace(
    name="Kids Petite", email="hello@kidspetite.example", phone="(555) 010-4477", address_lines=["12 Selvage Street"],
    return_days=30, free_shipping_from=Money(5000),
)  # fmt: skip


def _draw(template: str, **context: object) -> str:
    return str(engines["jinja2"].from_string(template).render(context))


@pytest.fixture(scope="module")
def guide() -> str:
    return str(engines["jinja2"].get_template("ui/styleguide.html").render({"shop": SHOP, **samples.context()}))


@pytest.mark.parametrize("name", MACROS)
def test_component_opens_with_what_it_takes_and_is_found_under_its_name(name: str) -> None:
    text = (HERE / f"{name}.html").read_text(encoding="utf-8")
    assert re.match(r"\{# Takes: .*?Example: .*?#\}", text, re.S)
    assert callable(getattr(engines["jinja2"].env.globals["ui"], name))


@pytest.mark.parametrize("name", sorted(set(MACROS) - FRAME - {"bound_field"}))
def test_style_guide_shows_component(name: str) -> None:
    shown = (HERE / "styleguide.html").read_text(encoding="utf-8")
    inner = "".join((HERE / f"{other}.html").read_text(encoding="utf-8") for other in MACROS if other != name)
    assert f"ui.{name}(" in shown + inner


def test_ids_of_the_style_guide_are_unique(guide: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', guide)
    assert sorted(ids) == sorted(set(ids))


def test_labels_and_descriptions_point_at_something(guide: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', guide)) | {"suggestions"}  # that list comes with the first letters
    for attribute in ("for", "aria-describedby", "aria-labelledby", "data-opens", "aria-controls"):
        for targets in re.findall(rf'\s{attribute}="([^"]+)"', guide):
            assert set(targets.split()) <= ids, (attribute, targets)


def test_frame_stands_without_shop_and_sizes() -> None:
    page = engines["jinja2"].get_template("ui/error.html").render({"status": 500, "heading": "Later.", "text": "Soon."})
    assert "Later." in page
    assert 'action="/search"' in page


def test_card_says_sold_out_instead_of_sizes() -> None:
    card = Card("/products/x", "X", Money(1800), sizes_in_stock=("2T",), available=False)
    words = _draw("{{ ui.product_card(card) }}", card=card)
    assert "Sold out" in words
    assert "2T" not in words
    assert "2T" in _draw("{{ ui.product_card(card) }}", card=replace(card, available=True))


def test_card_takes_a_mapping_as_well() -> None:
    card = {
        "url": "/p", "name": "Pip <b>", "price": Money(1600), "compare_at": None, "picture": None,
        "sizes_in_stock": [], "colours": [], "badge": None, "available": True,
    }  # fmt: skip
    assert "Pip &lt;b&gt;" in _draw("{{ ui.product_card(card) }}", card=card)


def test_price_is_reduced_only_when_it_was_higher() -> None:
    assert "<s " in _draw("{{ ui.price(a, b) }}", a=Money(1440), b=Money(1800))
    assert "<s " not in _draw("{{ ui.price(a, b) }}", a=Money(1800), b=Money(1800))
    assert "<s " not in _draw("{{ ui.price(a) }}", a=Money(1800))


def test_only_a_small_photograph_is_kept_small() -> None:
    drawing = replace(samples.picture("#c32e3a", "puddle", "Red"), width=90)
    photo = replace(drawing, wash="")
    assert "picture-small" in _draw("{{ ui.picture(p) }}", p=photo)
    assert "picture-small" not in _draw("{{ ui.picture(p) }}", p=drawing)
    assert "picture-small" not in _draw("{{ ui.picture(p) }}", p=replace(photo, width=1200))


def test_a_tape_says_how_many_parts_it_has_before_they_come() -> None:
    row = [Segment(f"{number} m", value=str(number), href="/") for number in range(7)]
    for macro in ("tape(row, label='x')", "tape_picker('a', row, label='x')", "tape_filter('a', row, label='x')"):
        assert "tape-of-7" in _draw("{{ ui." + macro + " }}", row=row)


def test_only_the_eager_picture_hurries() -> None:
    pic = replace(
        samples.picture("#c32e3a", "puddle", "Red"), sources=[Source("image/avif", "a.avif 480w")], focal_x=26
    )
    eager, lazy = _draw("{{ ui.picture(p, eager=true) }}", p=pic), _draw("{{ ui.picture(p) }}", p=pic)
    assert 'fetchpriority="high"' in eager
    assert "lazy" not in eager
    assert 'loading="lazy"' in lazy
    assert 'srcset="a.avif 480w"' in lazy
    assert "wash-puddle fx-3 fy-5" in lazy


def test_a_held_size_is_not_struck_and_says_where_it_is() -> None:
    html = _draw('{{ ui.tape_picker("sku", s, "Size") }}', s=[Segment("2T", value="a", sold_out=True, held=True)])
    assert "in a basket" in html
    assert "sold out" not in html
    assert "tape-segment-out" not in html
    assert "data-held" in html


def test_sold_out_size_can_still_be_chosen() -> None:
    html = _draw('{{ ui.tape_picker("sku", s, "Size") }}', s=[Segment("2T", value="a", sold_out=True)])
    assert "sold out" in html
    assert "disabled" not in html


def test_field_shows_its_error_and_names_it() -> None:
    html = _draw('{{ ui.field("zip", "ZIP", value="9410", error="Four digits.") }}')
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_zip-error"' in html
    assert "Four digits." in html


def test_bound_field_keeps_the_widgets_attributes() -> None:
    class Form(forms.Form):
        email = forms.EmailField(max_length=99, widget=forms.EmailInput({"autocomplete": "email", "data-x": "1"}))
        state = forms.ChoiceField(choices=[("", "…"), ("NY", "New York")])
        keep = forms.BooleanField(required=False)
        note = forms.CharField(required=False, widget=forms.Textarea({"rows": 3}))
        pace = forms.ChoiceField(choices=[("a", "Slow"), ("b", "Fast")], widget=forms.RadioSelect)

    form = Form({"email": "ana", "state": "NY", "keep": "on", "note": "<hi>", "pace": "b"})
    names = ("email", "state", "keep", "note", "pace")
    html = {name: _draw("{{ ui.bound_field(f) }}", f=form[name]) for name in names}
    assert 'type="email"' in html["email"]
    assert 'autocomplete="email"' in html["email"]
    assert 'data-x="1"' in html["email"]
    assert 'maxlength="99"' in html["email"]
    assert "field-bad" in html["email"]
    assert '<option value="NY" selected>' in html["state"]
    assert "checked" in html["keep"]
    assert "&lt;hi&gt;" in html["note"]
    assert 'rows="3"' in html["note"]
    assert re.search(r'value="b" checked', html["pace"])


def test_pagination_leaves_a_gap_and_stops_at_the_ends() -> None:
    html = _draw('{{ ui.pagination(5, 9, "/p?page={page}") }}')
    assert re.findall(r'href="/p\?page=(\d+)"', html) == ["4", "1", "4", "6", "9", "6"]
    assert html.count("…") == 2
    assert _draw('{{ ui.pagination(1, 1, "/p?page={page}") }}').strip() == ""


def test_ten_thousand_things_are_a_few_pages_away() -> None:
    html = _draw('{{ ui.pagination(209, 4167, "/p?page={page}") }}')
    assert re.findall(r'href="/p\?page=(\d+)"', html) == ["208", "1", "105", "208", "210", "2188", "4167", "210"]
    assert "4,167" in html
    assert html.count("…") == 4


def test_door_frame_lets_the_caller_hang_things() -> None:
    html = _draw(
        "{% call(row) ui.door_frame(rows) %}[{{ row.what }}]{% endcall %}",
        rows=[{"segment": Segment("2T"), "what": "coat"}],
    )
    assert "[coat]" in html


def test_unknown_names_fail_loudly() -> None:
    with pytest.raises(UndefinedError):
        _draw("{{ nobody_gave_this }}")
    with pytest.raises(FileNotFoundError):
        _draw('{{ ui.icon("no-such-icon") }}')


def test_block_alone_has_components() -> None:
    answer = render_block(
        RequestFactory().get("/"), "ui/error.html", "main",
        {"status": 404, "heading": "Wrong hook.", "text": "…", "actions": [Link("Home", "/")], "shop": None},
        status=404,
    )  # fmt: skip
    assert answer.status_code == 404
    assert b"Wrong hook." in answer.content
    assert b"<html" not in answer.content


def test_the_same_filters_are_written_once_and_others_anew() -> None:
    ui = engines["jinja2"].env.globals["ui"]
    facets = (Facet("season", "Season", (FacetValue("spring", "Spring", 8, query="season=spring"),)),)
    once = ui.facet_links("/products", facets)
    assert 'href="/products?season=spring"' in once
    again = (replace(facets[0], values=(replace(facets[0].values[0]),)),)
    assert ui.facet_links("/products", again) is once
    fewer = (replace(facets[0], values=(replace(facets[0].values[0], count=7),)),)
    assert ">7</span>" in ui.facet_links("/products", fewer)
    assert 'href="/category/tees?season=spring"' in ui.facet_links("/category/tees", facets)


def test_the_foot_says_what_the_shop_says_now() -> None:
    draw = "{{ ui.site_foot(name, 30, none, '', email, address) }}"
    first = _draw(draw, name="Kids Petite", email="a@kidspetite.example", address="12 Selvage <Street>")
    assert "mailto:a@kidspetite.example" in first
    assert "Kids Petite · 12 Selvage &lt;Street&gt;" in first
    assert "mailto:b@kidspetite.example" in _draw(draw, name="Kids Petite", email="b@kidspetite.example", address="")


def test_pages_are_compiled_once_for_all_processes(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path
    assert _compiled_before() is not None
    (tmp_path / "pages").rename(tmp_path / "old")
    (tmp_path / "pages").write_text("no folder can be made here")
    assert _compiled_before() is None


def test_what_is_read_again_is_what_the_page_says_now(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path
    draw = {"page.html": "{{ 1 + 1 }} things"}
    first = environment(loader=DictLoader(draw)).get_template("page.html").render()
    assert list(tmp_path.rglob("*.cache"))
    draw["page.html"] = "{{ 1 + 2 }} things"
    assert (first, environment(loader=DictLoader(draw)).get_template("page.html").render()) == ("2 things", "3 things")
