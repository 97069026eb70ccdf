"""Stored pictures over HTTP: for ever, as what they are, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from kidspetite.faces.edge.media import media
from kidspetite.foundation.media import files


@pytest.fixture(autouse=True)
def media_folder(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "secret.svg").write_text("<svg/>")
    files.write("pictures/ab/abc.svg", b"<svg/>")
    files.write("pictures/ab/abc-240.avif", b"avif")
    files.write("notes.txt", b"private")
    return tmp_path


def get(name: str, **headers: str) -> Any:
    return media(RequestFactory().get("/media/x", headers=headers), name)


def test_a_picture_may_be_kept_for_ever():
    answer = get("pictures/ab/abc-240.avif")
    assert b"".join(answer.streaming_content) == b"avif"
    assert answer["Content-Type"] == "image/avif"
    assert answer["Content-Length"] == "4"
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in answer


def test_nothing_in_a_drawing_may_run():
    assert get("pictures/ab/abc.svg")["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in get("pictures/ab/abc.svg")["Content-Security-Policy"]


def test_who_has_it_is_told_so():
    answer = get("pictures/ab/abc.svg", if_none_match='"abc"')
    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.parametrize(
    "name",
    ["pictures/ab/none.svg", "notes.txt", "pictures/ab", "", "../secret.svg", "pictures/../../secret.svg",
     "/etc/passwd", "pictures/ab/abc.svg\0.txt", "pictures//ab/../../../secret.svg"],
)  # fmt: skip
def test_everything_else_is_not_there(name: str):
    with pytest.raises(Http404):
        get(name)


def test_a_link_out_of_the_folder_leads_nowhere(media_folder: Any):
    (media_folder / "media" / "way-out.svg").symlink_to(media_folder / "secret.svg")
    with pytest.raises(Http404):
        get("way-out.svg")
