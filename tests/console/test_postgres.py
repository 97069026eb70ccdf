"""One embedded server for everybody who needs it, and none when nobody does."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from kidspetite.config.env import ROOT
from kidspetite.foundation.plumbing.postgres import Cluster, ServerFailed, embedded_url, ensure_server, release_server

pytestmark = pytest.mark.slow

USER = """
import sys, time
from pathlib import Path
from kidspetite.foundation.plumbing.postgres import ensure_server
print(ensure_server(Path(sys.argv[1]), profile="fast"), flush=True)
sys.stdin.read()
"""


def user(data: Path) -> subprocess.Popen[str]:
    """A process that uses the server until its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wait_until_gone(cluster: Cluster) -> None:
    deadline = time.monotonic() + 10
    while cluster.accepts_connections() or (cluster.data / "postmaster.pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_many_first_users_get_one_server_and_the_last_one_ends_it(tmp_path):
    cluster = Cluster(tmp_path / "pg")
    users = [user(tmp_path) for _ in range(4)]
    assert {process.stdout.readline().strip() for process in users} == {embedded_url(tmp_path)}
    for process in users[:3]:
        process.kill()
        process.wait()
    time.sleep(2.5)
    assert cluster.accepts_connections()
    users[3].kill()
    users[3].wait()
    wait_until_gone(cluster)
    for process in users:
        process.stdout.close()
        process.stdin.close()


LEAVER = """
import sys
from pathlib import Path
from kidspetite.foundation.plumbing.postgres import ensure_server, release_server
print(ensure_server(Path(sys.argv[1]), profile="fast"), flush=True)
sys.stdin.read()
release_server(Path(sys.argv[1]))
"""


def test_who_started_the_server_may_leave_before_the_others_without_a_warning(tmp_path):
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", LEAVER, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as first:
        assert first.stdout.readline().strip() == embedded_url(tmp_path)
        ensure_server(tmp_path, profile="fast")
        assert first.communicate(timeout=60) == ("", "")
    assert Cluster(tmp_path / "pg").accepts_connections()
    release_server(tmp_path)
    wait_until_gone(Cluster(tmp_path / "pg"))


def test_what_was_committed_is_there_for_the_next_user(tmp_path):
    with psycopg.connect(ensure_server(tmp_path)) as database:
        database.execute("CREATE TABLE kept (word text)")
        database.execute("INSERT INTO kept VALUES ('still here')")
        assert database.execute("SHOW fsync").fetchone() == ("on",)
    release_server(tmp_path)
    assert not Cluster(tmp_path / "pg").accepts_connections()
    with psycopg.connect(ensure_server(tmp_path)) as database:
        assert database.execute("SELECT word FROM kept").fetchone() == ("still here",)
    release_server(tmp_path)


def test_the_socket_is_for_its_owner_only_and_its_path_is_short(tmp_path):
    deep = tmp_path / ("folder with spaces " * 6)
    ensure_server(deep, profile="fast")
    folder = Cluster(deep / "pg").socket_folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(str(folder / ".s.PGSQL.5432")) < 100
    release_server(deep)
    assert not folder.exists()


def test_data_of_another_version_is_refused_with_a_way_out(tmp_path):
    data = tmp_path / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerFailed, match="made by PostgreSQL 12"):
        ensure_server(tmp_path)
    release_server(tmp_path)
