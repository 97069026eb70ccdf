"""The template environment of everything a shopper sees."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2, Template
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from jinja2 import __version__ as jinja_version
from jinja2.runtime import Context
from markupsafe import Markup

from kidspetite.foundation.plumbing.spending import spending
from kidspetite.foundation.ui import compiling, formats
from kidspetite.foundation.ui.compiling import PageCompiler, shown
from kidspetite.foundation.ui.tokens import hex_of

# Components that say the same whenever they are given the same, with how many answers are kept; a card is some 1.5 KB,
# the filters of a list are some 10 KB.
REMEMBERED = {
    "basket_drawer": 4, "card_colours": 1024, "card_sizes": 512, "cloth": 256, "facet_links": 128, "facet_picks": 128,
    "icon": 256, "pagination": 256, "picture_class": 256, "price": 512, "product_card": 2048, "site_foot": 16,
    "tape": 128, "tape_face": 256, "unit_switch": 4,
}  # fmt: skip
ICONS = Path(__file__).parent / "static" / "ui" / "icons"


class Later:
    """A value that is worked out when a page first asks for it, and once."""

    def __init__(self, work_out: Callable[[], Any]) -> None:
        self._work_out = work_out

    @cached_property
    def value(self) -> Any:
        return self._work_out()


class WhenShown(Later):
    """The same for what a page may name and not show: a form in a branch that is not taken makes no cookie."""

    def __html__(self) -> str:
        return str(self.value)

    __str__ = __html__


class PageContext(Context):
    """What a page may name. What is only worked out when it is named stands there as `Later`."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        return found.value if type(found) is Later else found


class Pages(Jinja2):
    """Django's Jinja2 engine; how long a page takes to be written is counted with its request."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._pages: dict[str, Page] = {}

    def get_template(self, template_name: str) -> Page:
        if (page := self._pages.get(template_name)) is None:
            page = Page(super().get_template(template_name).template, self)
            if not self.env.auto_reload:
                self._pages[template_name] = page
        return page

    def context_of(self, request: HttpRequest) -> dict[str, Any]:
        """What a page may name beside what its view gives it."""
        told: dict[str, Any] = {
            "request": request,
            "csrf_input": WhenShown(lambda: csrf_input(request)),
            "csrf_token": WhenShown(lambda: get_token(request)),
        }
        for processor in self.template_context_processors:
            told |= processor(request)
        return told


class Page(Template):
    backend: Pages

    def render(self, context: Any = None, request: HttpRequest | None = None) -> Any:
        told = dict(context or {}) | (self.backend.context_of(request) if request else {})
        _refuse_names_of_ours(told)
        with spending("render"):
            return super().render(context=told)


def environment(**options: Any) -> Environment:
    """Jinja2 as `TEMPLATES` asks for it: strict about names, escaping on, components under `ui` in every block."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    if len(settings.LANGUAGES) != 1:
        raise ImproperlyConfigured("Pages keep their sentences; before a second language comes, keep them by language.")
    env = Environment(**options)  # nosec B701 - autoescape is in the options
    env.code_generator_class, env.context_class = PageCompiler, PageContext
    env.extend(shown=shown)
    env.bytecode_cache = _compiled_before(reads_again=env.auto_reload)
    env.globals.update(
        _=words,
        ngettext=counted,
        static=static if env.auto_reload else lru_cache(256)(static),
        url=url,
        icon_paths=icon_paths,
        hex_of=hex_of,
        visits_measured=visits_measured,
        ui=Components(env),
    )
    env.filters.update(
        money=formats.money,
        money_short=formats.money_short,
        date=formats.day,
        time=formats.clock_time,
        datetime=formats.day_and_time,
        length_in=formats.length_in,
        length_cm=formats.length_cm,
        plural=formats.plural,
        one_line=formats.one_line,
    )
    return env


def render_block(
    request: HttpRequest, template: str, block: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """One named block of a page as an answer of its own. The page's top level is not run: set nothing there."""
    backend: Any = engines["jinja2"]
    page = backend.get_template(template).template
    told = backend.context_of(request) | dict(context)
    _refuse_names_of_ours(told)
    with spending("render"):
        body = "".join(page.blocks[block](page.new_context(told)))
    return HttpResponse(body, status=status)


def _refuse_names_of_ours(told: Mapping[str, Any]) -> None:
    """Pages are compiled to call our globals as they are, so a fact of the same name would never be seen."""
    if not compiling.OURS.isdisjoint(told):
        raise ValueError(
            f"A page cannot be told {sorted(compiling.OURS & told.keys())}: its own globals have these names."
        )


def compile_pages() -> None:
    """Compile every page and component that a shopper sees, so that no visitor waits for it."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in env.list_templates(extensions=["html"]):
        env.get_template(name)


def _compiled_before(*, reads_again: bool = False) -> FileSystemBytecodeCache | None:
    """What the first process has compiled the next ones read; checked against each page's text, and in a folder of its
    own for what else decides how it is compiled. Where nothing may be written, every process compiles for itself."""
    text = Path(__file__).read_bytes() + Path(compiling.__file__).read_bytes()
    rules = sha256(text + bytes([reads_again])).hexdigest()[:12]
    folder = settings.DATA_DIR / "pages" / f"{jinja_version}-{rules}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def words(text: str, /, **facts: Any) -> Markup:
    """The sentence in our language, with its facts escaped; `%%` is a percent sign. Looked up once."""
    return _filled(_sentence(text), facts) if facts else _plain(text)


def counted(one: str, many: str, number: int, /, **facts: Any) -> Markup:
    """The sentence for so many things; `%(num)s` is their number unless it is told otherwise."""
    return _filled(ngettext(one, many, number), {"num": number, **facts})


def _filled(text: str, facts: Mapping[str, Any]) -> Markup:
    return Markup(text % {name: shown(fact) for name, fact in facts.items()})  # nosec B704 - our text, facts escaped


@lru_cache(maxsize=4096)
def _sentence(text: str) -> str:
    return gettext(text)


@lru_cache(maxsize=4096)
def _plain(text: str) -> Markup:
    return _filled(gettext(text), {})


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named address: `url("product", slug=card.slug)`."""
    return reverse(name, args=args, kwargs=kwargs)


def visits_measured() -> int:
    """Of how many of a hundred visits the page asks the browser how fast it felt."""
    return settings.VITALS_SAMPLE_PERCENT


@lru_cache(maxsize=256)
def icon_paths(name: str) -> Markup:
    """The shapes inside one icon's file; an unknown name fails loudly."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return Markup(re.sub(r"^<svg[^>]*>|</svg>\s*$", "", drawing))  # nosec B704 - our own files


class Components:
    """`ui.price(…)` calls the macro `price` of `ui/price.html`, wherever it is called from.

    A global and not an import, because a block that is rendered alone never runs its page's imports.
    """

    def __init__(self, env: Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        macro = getattr(self._env.get_template(f"ui/{name}.html").module, name)
        if not self._env.auto_reload:
            macro = _remembering(macro, REMEMBERED[name]) if name in REMEMBERED else macro
            setattr(self, name, macro)
        return macro


def _remembering(macro: Callable[..., Any], most: int) -> Callable[..., Any]:
    """The macro, run once for the same arguments; always for one with a caller or a list in it."""
    known = lru_cache(maxsize=most)(macro)

    def remembered(*args: Any, **kwargs: Any) -> Any:
        if "caller" in kwargs:
            return macro(*args, **kwargs)
        try:
            return known(*args, **kwargs)
        except TypeError:  # something in it cannot be compared
            return macro(*args, **kwargs)

    return remembered
