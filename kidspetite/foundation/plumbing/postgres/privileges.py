"""PostgreSQL refuses to run as root: what a child must do between fork and exec so that it may start."""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 8, 28, 47
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1 << 1
CAPABILITY_VERSION_3 = 0x20080522

_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None means as ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def as_server_user(*, death_signal: signal.Signals | None = None) -> Callable[[], None]:
    """A preexec function: own session, no root, and a signal when the thread that started it ends (Linux).

    The one capability kept lets the server reach folders below a home that is closed to others, so nothing has to be
    opened up on the way. Where a container withholds it, the caller finds out by trying.
    """
    user = server_user()

    def prepare() -> None:
        os.setsid()
        if user:
            _become(user)
        if death_signal and _LINUX:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)  # a change of user clears it, so it comes last

    return prepare


def tied_to_parent(death_signal: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A preexec function for children of ours: own session, so Ctrl-C reaches only the parent; ends with it (Linux)."""

    def prepare() -> None:
        os.setsid()
        if _LINUX:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)

    return prepare


def _become(user: pwd.struct_passwd) -> None:
    if _LINUX:
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        _libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)  # else access(2) ignores the capability
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if _LINUX:
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        wanted = (ctypes.c_uint32 * 6)(CAP_DAC_OVERRIDE, CAP_DAC_OVERRIDE, CAP_DAC_OVERRIDE, 0, 0, 0)
        if _libc.capset(header, wanted) == 0:
            _libc.prctl(PR_CAP_AMBIENT, 2, 1, 0, 0)
        else:
            none = (ctypes.c_uint32 * 6)(0, 0, 0, 0, 0, 0)
            _libc.capset(header, none)
