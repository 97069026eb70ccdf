"""One stylesheet and one script for the browser, joined from many files: fifty requests would be slow, a bundler is not
needed.

`ui/css/shop.css` and `ui/js/shop.js` appear among the static files through the finder below, in development as in
`collectstatic`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage
from rcssmin import cssmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS = Path(__file__).parent / "static" / "ui" / "css"
JS = CSS.with_name("js")
NAME, SCRIPT = "ui/css/shop.css", "ui/js/shop.js"
_IMPORT = re.compile(r'^import "\./([^"]+)";\n', re.M)
ORDER = (
    ("", ("layers.css", "fonts.css")),
    ("reset", ("reset.css",)),
    ("tokens", ("tokens.css", "scale.css")),
    ("base", ("base.css",)),
    ("layout", ("layout.css",)),
    ("components", ("components/*.css",)),
    ("pages", ("pages/*.css",)),
    ("utilities", ("utilities.css",)),
)


class StylesheetFinder(BaseFinder):
    """Finds what is joined, written anew into the data folder whenever one of its parts has changed."""

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.DATA_DIR) / "joined"

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in JOINED:
            return []
        found = str(self._fresh(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in JOINED:
            self._fresh(name)
            yield name, FileSystemStorage(location=self.folder)

    def _fresh(self, name: str) -> Path:
        target = self.folder / name
        text = JOINED[name]()
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_suffix(".part")
            half.write_text(text, encoding="utf-8")
            half.replace(target)
        return target


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Names with a hash of the content, also inside our scripts' imports; other rooms' scripts are left as they are.
    What is asked for by such a name lies there packed too, as br and gzip, so that no visitor waits for the packing."""

    patterns = (
        *ManifestStaticFilesStorage.patterns,
        ("ui/js/*.js", ManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]
    )

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Pages use hashed names alone; the plain ones stay as they are."""
        yield from super().compress_files(set(self.hashed_files.values()))


def parts() -> Iterator[tuple[str, Path]]:
    """Every source file with its layer, in the order of the cascade; within a folder by name."""
    for layer, patterns in ORDER:
        for pattern in patterns:
            for path in sorted(CSS.glob(pattern)):
                yield layer, path


def joined() -> str:
    """All parts, each in its layer, without comments and indents."""
    pieces = []
    for layer, path in parts():
        css = cssmin(path.read_text(encoding="utf-8"))
        pieces.append(f"@layer {layer}{{\n{css}\n}}" if layer else css)
    return "\n".join(pieces) + "\n"


def joined_script() -> str:
    """`main.js` with the parts that it imports before it, each in a block of its own, so that no name meets another.
    A part that imports or exports anything cannot be joined: ValueError."""
    main = (JS / "main.js").read_text(encoding="utf-8")
    pieces = []
    for name in _IMPORT.findall(main):
        part = (JS / name).read_text(encoding="utf-8")
        if re.search(r"^(import|export)\b", part, re.M):
            raise ValueError(f"{name} imports or exports something; load it on demand instead.")
        pieces.append(f"{{\n{part}}}\n")
    return re.sub(r"^//.*\n", "", "".join(pieces) + _IMPORT.sub("", main), flags=re.M)


JOINED = {NAME: joined, SCRIPT: joined_script}
