"""Pictures in a bucket of S3-compatible storage; moto's server stands in for it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from kidspetite.faces.console import checkup
from kidspetite.foundation.media import files, operations
from kidspetite.foundation.media.bucket import Bucket
from kidspetite.foundation.media.errors import StoreUnreachable
from kidspetite.foundation.media.models import Picture
from kidspetite.foundation.media.queries import sources_of

ROOT = Path(__file__).parents[2]
BUCKET = "kids-petite-pictures"
NAMED = {"name": BUCKET, "region": "us-east-1", "key": "AKIDEXAMPLE", "secret": "not-a-secret"}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 500"><rect width="400" height="500"/></svg>'


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(storage: str, settings: Any, tmp_path: Any) -> str:
    """Its address; empty, and the shop's folder is none that a file could lie in by mistake."""
    httpx.post(f"{storage}/moto-api/reset")
    httpx.put(f"{storage}/{BUCKET}").raise_for_status()
    settings.MEDIA_ROOT = tmp_path / "unused"
    settings.MEDIA_BUCKET = NAMED | {"endpoint": storage}
    return f"{storage}/{BUCKET}"


@pytest.fixture
def dead_bucket(settings: Any) -> None:
    settings.MEDIA_BUCKET = NAMED | {"endpoint": "http://127.0.0.1:9"}


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 75), "teal").save(out, "JPEG")
    out.seek(0)
    return out


def reader(bucket: str) -> Any:
    """Another library than the shop's, so that both must mean the same."""
    return boto3.client(
        "s3", endpoint_url=bucket.removesuffix(f"/{BUCKET}"), region_name=NAMED["region"],
        aws_access_key_id=NAMED["key"], aws_secret_access_key=NAMED["secret"],
    )  # fmt: skip


def keys_in(bucket: str) -> list[str]:
    return [one["Key"] for one in reader(bucket).list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.mark.django_db
def test_a_photo_and_its_widths_lie_in_the_bucket(bucket: str, settings: Any):
    picture = operations.store_photo(photo(), "A romper")
    operations.make_widths([picture.pk])
    picture.refresh_from_db()
    assert picture.widths
    keys = keys_in(bucket)
    assert picture.original in keys
    assert len(keys) == 1 + 2 * len(picture.widths)
    told = reader(bucket).head_object(Bucket=BUCKET, Key=picture.original)
    assert told["ContentType"] == "image/jpeg"
    assert "immutable" in told["CacheControl"]
    assert not settings.MEDIA_ROOT.exists()


def test_what_is_there_is_not_written_again(bucket: str):
    files.write("pictures/ab/one.svg", b"first")
    files.write("pictures/ab/one.svg", b"second")
    assert files.read("pictures/ab/one.svg") == b"first"


def test_many_go_side_by_side_and_not_more_than_a_few(bucket: str, monkeypatch: pytest.MonkeyPatch):
    crowd, inside, most = threading.Barrier(files.AT_ONCE, timeout=60), set[int](), [0]
    whole = Bucket.write

    def write(self: Bucket, name: str, content: bytes) -> None:
        inside.add(threading.get_ident())
        most[0] = max(most[0], len(inside))
        crowd.wait()
        whole(self, name, content)
        inside.discard(threading.get_ident())

    monkeypatch.setattr(Bucket, "write", write)
    names = [f"pictures/ab/{number:02}.svg" for number in range(3 * files.AT_ONCE)]
    files.write_all({name: name.encode() for name in names})
    assert most == [files.AT_ONCE]
    assert keys_in(bucket) == names
    assert files.read(names[-1]) == names[-1].encode()


def test_the_first_that_fails_ends_it(bucket: str, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def write(self: Bucket, name: str, content: bytes) -> None:
        asked.append(name)
        time.sleep(0.05)  # what no network undercuts
        raise StoreUnreachable()

    monkeypatch.setattr(Bucket, "write", write)
    with pytest.raises(StoreUnreachable):
        files.write_all({f"pictures/ab/{number}.svg": b"x" for number in range(500)})
    assert len(asked) < 100


def test_only_what_begins_so_is_removed(bucket: str):
    for name in ("pictures/ab/abc.svg", "pictures/ab/abc-240.avif", "pictures/ab/abd.svg", "pictures/abc.svg"):
        files.write(name, b"x")
    files.remove("pictures/ab/abc")
    assert keys_in(bucket) == ["pictures/ab/abd.svg", "pictures/abc.svg"]
    files.remove("pictures/ab/abc")


@pytest.mark.django_db
def test_the_shop_hands_out_what_lies_in_the_bucket(bucket: str, client: Any):
    picture = operations.store_drawing(DRAWING, "A square")
    answer = client.get(f"/media/{picture.original}")
    assert answer.content == DRAWING.encode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/media/{picture.original}", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["backups/orders.svg", "pictures/../backups/orders.svg", f"pictures/ab/{'0' * 40}.svg", "pictures/ab/x.svg"]
)
def test_nothing_else_in_the_bucket_is_handed_out(bucket: str, client: Any, name: str):
    files.write("backups/orders.svg", b"private")
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.django_db
def test_without_the_bucket_nothing_is_kept_and_the_visitor_is_told(dead_bucket: None, client: Any):
    with pytest.raises(StoreUnreachable):
        operations.store_photo(photo(), "A romper")
    assert not Picture.objects.exists()
    assert client.get(f"/media/pictures/ab/{'0' * 40}.svg").status_code == 503


@pytest.mark.django_db
def test_the_doctor_asks_the_bucket(bucket: str):
    found = {finding.name: finding for finding in checkup.examine()}
    assert found["pictures"].status == "ok"


@pytest.mark.django_db
def test_the_doctor_names_a_bucket_that_does_not_answer(dead_bucket: None):
    found = {finding.name: finding for finding in checkup.examine()}
    assert found["pictures"].status == "failed"
    assert "S3_" in found["pictures"].detail
    assert "not-a-secret" not in found["pictures"].detail


def test_pages_name_the_public_address(settings: Any):
    settings.PICTURES_URL = "https://pictures.kidspetite.example/"
    picture = Picture(
        kind="photo", digest="ab" * 20, original="pictures/ab/ab.jpg", width=60, height=75, alt="", widths=[240],
        formats=["avif"],
    )  # fmt: skip
    view = sources_of(picture)
    assert view is not None
    assert view.src.startswith("https://pictures.kidspetite.example/pictures/ab/")
    assert view.sources[0].srcset.startswith("https://pictures.kidspetite.example/pictures/ab/")


def test_the_environment_names_the_bucket():
    asked = (
        "import json; from django.conf import settings as s;"
        "print(json.dumps([s.MEDIA_BUCKET, s.SECURE_CSP['img-src']]))"
    )
    told = {
        **os.environ, "KP_ENV": "development", "KP_ENV_FILE": "none",
        "DJANGO_SETTINGS_MODULE": "kidspetite.config.settings",
        "S3_BUCKET": BUCKET, "S3_ACCESS_KEY_ID": "AKIDEXAMPLE", "S3_SECRET_ACCESS_KEY": "not-a-secret",
        "S3_ENDPOINT_URL": "https://storage.kidspetite.example",
        "S3_PUBLIC_BASE_URL": "https://pictures.kidspetite.example",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    named, sources = json.loads(done.stdout)
    assert named == NAMED | {"endpoint": "https://storage.kidspetite.example"}
    assert "https://pictures.kidspetite.example/" in sources
