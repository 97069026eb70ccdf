"""`./shop dev`: a change of the shop's code is seen, also one that comes while it still starts."""

import subprocess
import sys
import time

import pytest

from kidspetite.faces.console.starting import started_anew_on_change

PATIENCE_SECONDS = 30


@pytest.mark.slow
def test_a_changed_file_starts_the_command_anew(tmp_path):
    room = tmp_path / "kidspetite" / "room"
    room.mkdir(parents=True)
    (room / "rules.py").write_text("CENTS = 1\n")
    note = "import time; open('starts', 'a').write('x'); time.sleep(60)"
    watcher = subprocess.Popen(started_anew_on_change([sys.executable, "-c", note]), cwd=tmp_path)
    try:
        wait_for_starts(tmp_path / "starts", 1)
        (room / "rules.py").write_text("CENTS = 2\n")
        wait_for_starts(tmp_path / "starts", 2)
    finally:
        watcher.terminate()
        watcher.wait(10)


def wait_for_starts(notes, count):
    until = time.monotonic() + PATIENCE_SECONDS
    while not notes.exists() or len(notes.read_text()) < count:
        assert time.monotonic() < until, f"it did not start {count} times"
        time.sleep(0.1)
