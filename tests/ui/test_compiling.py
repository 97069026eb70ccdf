"""Pages compiled our way say what Jinja2's own compiler makes them say."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from jinja2 import DictLoader, Environment, UndefinedError
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.ui import samples
from kidspetite.foundation.ui.compiling import shown
from kidspetite.foundation.ui.jinja import environment, render_block

SHOP = SimpleNamespace(
    name="Kids & Petite", email="hello@kidspetite.example", phone="(555) 010-4477", return_days=30,
    address_lines=["Kids & Petite", "12 Selvage Street", "Portland"], free_shipping_from=Money(5000),
)  # fmt: skip


@pytest.fixture
def by_jinja(tmp_path: Path, settings) -> Environment:
    """Our environment with Jinja2's own compiler."""
    settings.DATA_DIR = tmp_path
    env = environment(loader=engines["jinja2"].env.loader)
    env.code_generator_class, env.bytecode_cache = CodeGenerator, None
    return env


@pytest.mark.parametrize(
    ("page", "context"),
    [
        ("ui/styleguide.html", {"shop": SHOP, **samples.context()}),
        ("ui/error.html", {"status": 404, "heading": "Wrong <hook>.", "text": "Coats & hats", "shop": SHOP}),
        ("ui/error.html", {"status": 500, "heading": "Later.", "text": "Soon."}),
    ],
)
def test_a_page_is_the_same_byte_for_byte(by_jinja: Environment, page: str, context: dict[str, object]) -> None:
    assert engines["jinja2"].get_template(page).render(dict(context)) == by_jinja.get_template(page).render(context)


@pytest.mark.parametrize(
    "text",
    [
        '{{ _("100%%") }} {{ _("%(a)s < %(b)s", a=x, b=1) }} {{ ngettext("one", "%(num)s of %(x)s", n, x=x) }}',
        "{% for _ in [1, 2] %}{{ _ }}{{ x }}{% endfor %}",
        '{% set ui = {"icon": x} %}{{ ui.icon }}',
        '{{ ui.button(x, class="wide", attrs={"title": x}) }}',
        '{% call ui.empty_state(_("Gone"), x) %}{{ x }}{% endcall %}',
        "{% block a %}[{% block b %}{{ x }}{% endblock %}{{ self.b() }}]{% endblock %}{{ none }}{{ 1.5 }}{{ true }}",
        '{% set kept %}<b>{{ x }}</b>{% endset %}{{ kept }}{{ ui.icon("x", label=x) }}{{ y }}{{ y ~ x }}',
        "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ ui.badge(a) }}{% endmacro %}{{ m(x) }}{{ m(y, b=x) }}",
    ],
)
def test_what_is_escaped_and_called_is_the_same(by_jinja: Environment, text: str) -> None:
    facts = {"x": "<&'\">", "y": Markup("<i>"), "n": 3}
    assert engines["jinja2"].from_string(text).render(dict(facts)) == by_jinja.from_string(text).render(facts)


def test_a_fact_cannot_take_the_name_of_a_global() -> None:
    """It would be passed over without a word, as the address of a bank's page once was."""
    with pytest.raises(ValueError, match="url"):
        engines["jinja2"].get_template("ui/error.html").render({"url": "https://bank.example"})
    with pytest.raises(ValueError, match="static"):
        render_block(RequestFactory().get("/"), "ui/styleguide.html", "main", {"static": ""})


def test_what_is_shown_is_escaped_unless_it_is_markup() -> None:
    class Sneaky(str):
        __slots__ = ()

    assert shown("<b>") == shown(Sneaky("<b>")) == "&lt;b&gt;"
    assert shown(Markup("<b>")) == "<b>"
    assert (shown(7), shown(None), shown(["<"])) == ("7", "None", "[&#39;&lt;&#39;]")
    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string("{% if x %}{{ y.z }}{% endif %}{{ y }}").render({"x": False})


def test_what_is_the_same_in_every_answer_is_worked_out_when_the_page_is_loaded(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path
    asked: list[str] = []
    env = environment(loader=DictLoader({"page.html": '<p>{{ _("Search") }}</p>{{ _(x) }}'}), auto_reload=False)
    env.globals["_"] = lambda text: asked.append(text) or Markup(text)
    page = env.get_template("page.html")
    assert asked == ["Search"]
    assert [page.render(x="a"), page.render(x="b")] == ["<p>Search</p>a", "<p>Search</p>b"]
    assert asked == ["Search", "a", "b"]


def test_while_pages_are_read_again_nothing_is_worked_out_beforehand(tmp_path: Path, settings) -> None:
    settings.DATA_DIR = tmp_path
    asked: list[str] = []
    env = environment(loader=DictLoader({"page.html": '{{ _("Search") }}'}), auto_reload=True)
    env.globals["_"] = lambda text: asked.append(text) or Markup(text)
    page = env.get_template("page.html")
    assert asked == []
    assert page.render() == "Search"


def test_a_form_that_is_not_shown_makes_no_token() -> None:
    request = RequestFactory().get("/")
    draw = engines["jinja2"].from_string("{% if x %}{{ csrf_input }}|{{ csrf_input }}{% endif %}")
    page = type(engines["jinja2"].get_template("ui/error.html"))(draw.template, engines["jinja2"])
    assert page.render({"x": False}, request) == ""
    assert "CSRF_COOKIE" not in request.META
    first, second = page.render({"x": True}, request).split("|")
    assert first == second
    assert 'name="csrfmiddlewaretoken"' in first
