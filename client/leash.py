"""Starts a program that ends when its starter does, however that one ended: `python leash.py <pid of the starter> <program> …`.

Owns nothing but this. Where the system cannot do it (only Linux can) the program simply starts, and who starts next cleans up.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    starter, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # kept over exec
        if os.getppid() != starter:  # it ended before we were on the leash
            sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 -- the same process becomes the program: no shell is wanted


if __name__ == "__main__":
    main()
