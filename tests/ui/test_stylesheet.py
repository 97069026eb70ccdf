"""One stylesheet out of many files, and names with hashes that hang together, packed before anybody asks."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from kidspetite.foundation.ui.stylesheet import (
    CSS,
    JS,
    NAME,
    SCRIPT,
    HashedFiles,
    StylesheetFinder,
    joined,
    joined_script,
    parts,
)  # fmt: skip


def test_every_css_file_is_in_the_stylesheet_once() -> None:
    assert sorted(path for _, path in parts()) == sorted(CSS.rglob("*.css"))


def test_layers_come_in_the_order_of_the_cascade() -> None:
    named = re.match(r"@layer ([^;{]+);", joined())
    assert named
    order = [name.strip() for name in named[1].split(",")]
    used = [layer for layer, _ in parts() if layer]
    assert set(used) == set(order)
    assert re.findall(r"^@layer (\w+)\{$", joined(), re.M) == used


def test_finder_writes_the_stylesheet_and_nothing_else(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    finder = StylesheetFinder()
    assert finder.find("ui/css/other.css") == []
    found = finder.find(NAME)
    assert isinstance(found, str)
    assert Path(found).read_text(encoding="utf-8") == joined()
    assert [name for name, _ in finder.list([])] == [NAME, SCRIPT]


def test_it_is_written_where_the_shop_keeps_its_data(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert Path(str(StylesheetFinder().find(NAME))).is_relative_to(tmp_path)


def test_changed_part_is_written_anew(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    finder = StylesheetFinder()
    found = Path(str(finder.find(NAME)))
    found.write_text("stale", encoding="utf-8")
    assert Path(str(finder.find(NAME))).read_text(encoding="utf-8") == joined()


def test_the_script_holds_every_small_part_once_and_nothing_is_asked_for_at_once() -> None:
    script, main = joined_script(), (JS / "main.js").read_text(encoding="utf-8")
    parts_named = re.findall(r'^import "\./([^"]+)";$', main, re.M)
    assert len(parts_named) >= 10
    assert not re.search(r"^(import|export)\b", script, re.M)
    for name in parts_named:
        lines = (JS / name).read_text(encoding="utf-8").splitlines()
        longest = max((line for line in lines if not line.startswith("//")), key=len)
        assert script.count(longest) == 1, name
    on_demand = set(re.findall(r'import\("\./([^"]+)"\)', script))
    assert on_demand == {"elements/address-lookup.js", "vendor/htmx.min.js", "vitals.js"}


def test_a_part_that_needs_another_cannot_be_joined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "main.js").write_text('import "./a.js";\n')
    (tmp_path / "a.js").write_text("export const a = 1;\n")
    monkeypatch.setattr("kidspetite.foundation.ui.stylesheet.JS", tmp_path)
    with pytest.raises(ValueError, match=r"a\.js imports or exports"):
        joined_script()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("static")
    storage = HashedFiles(location=str(folder))
    paths = {}
    for finder in finders.get_finders():
        for name, source in finder.list([]):
            if name.startswith("ui/") and name not in paths:
                paths[name] = (source, name)
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(Path(source.path(name)).read_bytes())
    failures = [result for _, _, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failures == []
    return folder, json.loads((folder / "staticfiles.json").read_text())["paths"]


def test_scripts_import_one_another_by_hashed_names(collected: tuple[Path, dict[str, str]]) -> None:
    folder, names = collected
    main = (folder / names[SCRIPT]).read_text(encoding="utf-8")
    imported = re.findall(r"""import\s*\(?["']\./?([^"']+)["']""", main)
    assert len(imported) == 3
    for name in imported:
        assert (folder / "ui/js" / name).exists(), name
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), name


def test_stylesheet_names_the_preloaded_fonts(collected: tuple[Path, dict[str, str]]) -> None:
    folder, names = collected
    css = (folder / names[NAME]).read_text(encoding="utf-8")
    for font in ("besley", "figtree"):
        assert Path(names[f"ui/fonts/{font}.woff2"]).name in css


def test_what_pages_ask_for_lies_there_packed(collected: tuple[Path, dict[str, str]]) -> None:
    folder, names = collected
    for name in (NAME, SCRIPT, "ui/js/vendor/htmx.min.js", "ui/icons/mark.svg"):
        plain = (folder / names[name]).read_bytes()
        packed = {ending: (folder / f"{names[name]}.{ending}").read_bytes() for ending in ("br", "gz")}
        assert brotli.decompress(packed["br"]) == gzip.decompress(packed["gz"]) == plain
        assert len(packed["br"]) <= len(packed["gz"]) < len(plain)
        assert not (folder / f"{name}.br").exists(), "no page asks by the plain name"
    assert not list(folder.rglob("*.woff2.br")), "a font is packed already"
