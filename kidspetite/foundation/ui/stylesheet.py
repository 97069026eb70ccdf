"""One stylesheet for the browser, joined from the layers' files: forty requests would be slow, a bundler is not needed.

`ui/css/shop.css` appears among the static files through the finder below, in development as in `collectstatic`.
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
from whitenoise.storage import CompressedManifestStaticFilesStorage

CSS = Path(__file__).parent / "static" / "ui" / "css"
NAME = "ui/css/shop.css"
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
    """Finds `ui/css/shop.css`, written anew into the data folder whenever one of its parts has changed."""

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.DATA_DIR) / "joined"

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        found = str(self._fresh())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self._fresh()
        yield NAME, FileSystemStorage(location=self.folder)

    def _fresh(self) -> Path:
        target = self.folder / NAME
        css = joined()
        if not target.exists() or target.read_text(encoding="utf-8") != css:
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_suffix(".part")
            half.write_text(css, encoding="utf-8")
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
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        css = re.sub(r"\s*\n\s*", "\n", css).strip()
        pieces.append(f"@layer {layer}{{\n{css}\n}}" if layer else css)
    return "\n".join(pieces) + "\n"
