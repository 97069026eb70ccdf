"""A shop with production's settings behind TLS: `__Host-` cookies, HSTS, second factor, nothing of development."""

import datetime
import hashlib
import signal
import ssl
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kidspetite.faces.console.children import Child
from kidspetite.faces.console.starting import web_command
from tests.harness.database import ROOT, TestRun
from tests.harness.promises import see_that_promises_are_kept
from tests.harness.server import READY_SECONDS, ShopServer, collect_static, free_port

# What production asks for beyond the tests' own surroundings. Nothing listens at the mail server: no letter leaves.
SETTINGS = {
    "KP_ENV": "production", "KP_ALLOW_SANDBOX": "1", "SMTP_URL": "smtp://127.0.0.1:9", "MAIL_FROM": "desk@petite.test",
    "RATE_LIMITS": "on", "RATE_SIGNIN": "600/minute",
}  # fmt: skip


@contextmanager
def production_shop(run: TestRun, environment: dict[str, str], *, name: str) -> Iterator[ShopServer]:
    """The web part alone, at https://localhost, over a fresh clone. Its promises are recomputed in the end."""
    database, port = f"{name}_{run.worker}", free_port()
    run.clone(database)
    folder = run.folder / database
    folder.mkdir(exist_ok=True)
    collect_static(run, folder, {**environment, "DATABASE_URL": run.url(database)})
    certificate, key = folder / "shop.pem", folder / "shop.key"
    write_certificate(certificate, key)
    shop = ShopServer(
        f"https://localhost:{port}", run.url(database), database, folder / "shop.log",
        {
            **environment, **SETTINGS, "KP_TEST_DATABASE": "0", "DATABASE_URL": run.url(database), "PORT": str(port),
            "KP_DATA_DIR": str(folder), "BASE_URL": f"https://localhost:{port}",
        },
    )  # fmt: skip
    command = [
        *web_command("127.0.0.1", port, workers=1), "--ssl-certificate", str(certificate), "--ssl-keyfile", str(key),
    ]  # fmt: skip
    web = Child("web", command, env=shop.environment, cwd=ROOT, log=shop.log)
    try:
        web.start()
        _wait_until_healthy(shop, web, certificate)
        yield shop
    finally:
        web.send(signal.SIGINT)
        web.end(8)
    see_that_promises_are_kept(shop.environment, database=database)


def fingerprint(shop: ShopServer) -> str:
    """How Chromium is told to trust this shop's certificate and no other."""
    certificate = x509.load_pem_x509_certificate((shop.log.parent / "shop.pem").read_bytes())
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b64encode(hashlib.sha256(spki).digest()).decode()


def write_certificate(certificate: Path, key: Path) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _wait_until_healthy(shop: ShopServer, web: Child, certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.is_running:
        try:
            with urllib.request.urlopen(f"{shop.url}/healthz", timeout=5, context=trusted):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the production shop did not become ready:\n{shop.log.read_text()[-4000:]}")
