"""Who is told apart by number and birth."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from kidspetite.foundation.plumbing.processes import birth_of, living


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_clock_that_is_put_right_makes_nobody_another(seconds: int):
    me = living(os.getpid(), born=birth_of(os.getpid()) + seconds)
    assert me
    assert me.pid == os.getpid()


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_number_that_was_given_again_is_somebody_else(seconds: int):
    assert living(os.getpid(), born=birth_of(os.getpid()) + seconds) is None


def test_who_has_ended_lives_no_more_also_while_nobody_took_note():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    born = birth_of(child.pid)
    assert living(child.pid, born=born)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
    assert living(child.pid, born=born) is None
    child.communicate()
    assert living(child.pid, born=born) is None
