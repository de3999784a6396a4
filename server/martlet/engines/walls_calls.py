"""seccomp: the list of system calls that a sandbox may still make. Linux on x86-64 and ARM64.

A sandbox that has its file open only computes: it reads from that file and its pipe, writes to its
pipe, takes memory and waits. All else fails with EPERM: opening, connecting, starting, signalling,
tracing, io_uring, and every call that no list of ours has heard of.
Source: the kernel's userspace-api/seccomp_filter and its tables of numbers; which calls DuckDB and
Python make was traced over the tests of this folder.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import Any, NamedTuple

SET_FILTER, ALL_THREADS = 1, 1
PR_SET_NO_NEW_PRIVS, PR_SET_NAME = 38, 15
CLONE_THREAD, PROT_EXEC = 0x10000, 0x4

# Instructions of the filter, and places in what it is shown of a call.
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, PROCESSOR = 0, 4
ALLOW, FAIL = 0x7FFF0000, 0x00050000


class Processor(NamedTuple):
    """How a kernel names a kind of processor, and the column of its numbers in CALLS."""

    audit_name: int
    column: int
    seccomp: int


PROCESSORS = {
    "x86_64": Processor(0xC000003E, 0, 317),
    "aarch64": Processor(0xC00000B7, 1, 277),
}

# Allowed whatever the arguments; numbers on x86-64 and on ARM64 (None: it has no such call).
CALLS: dict[str, tuple[int, int | None]] = {
    # What is open already: the published file, the pipes, the memory figures.
    "read": (0, 63),
    "readv": (19, 65),
    "pread64": (17, 67),
    "preadv": (295, 69),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "write": (1, 64),
    "writev": (20, 66),
    "close": (3, 57),
    # Memory that is not to be run.
    "brk": (12, 214),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    # Threads of this process.
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "membarrier": (324, 283),
    "gettid": (186, 178),
    "getpid": (39, 172),
    # Signals that the process sends to itself or is sent.
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    # Time, chance, and what it has used.
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "times": (100, 153),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    # The end.
    "exit": (60, 93),
    "exit_group": (231, 94),
}


class Guarded(NamedTuple):
    """A call whose answer depends on one argument: when `test` of `value` is `met`, else `not_met`.

    A filter sees numbers, never what they point to; so `clone3` cannot be judged, and must look
    as if it were missing for the C library to use `clone`.
    """

    numbers: tuple[int, int]
    argument: int
    test: int
    value: int
    met: int
    not_met: int


EPERM, ENOSYS = FAIL | errno.EPERM, FAIL | errno.ENOSYS
GUARDED: dict[str, Guarded] = {
    "clone": Guarded((56, 220), 0, ANY_BIT, CLONE_THREAD, ALLOW, EPERM),
    "clone3": Guarded((435, 435), 0, EQUAL, 0, ENOSYS, ENOSYS),
    "mmap": Guarded((9, 222), 2, ANY_BIT, PROT_EXEC, EPERM, ALLOW),
    "mprotect": Guarded((10, 226), 2, ANY_BIT, PROT_EXEC, EPERM, ALLOW),
    "prctl": Guarded((157, 167), 0, EQUAL, PR_SET_NAME, ALLOW, EPERM),
}


class Instruction(ctypes.Structure):
    """`sock_filter`: where to go on by how many instructions when a test is met or not."""

    _fields_ = [
        ("code", ctypes.c_uint16),
        ("met", ctypes.c_uint8),
        ("not_met", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class Program(ctypes.Structure):
    """`sock_fprog`."""

    _fields_ = [("length", ctypes.c_ushort), ("first", ctypes.POINTER(Instruction))]


def restrict(libc: Any) -> str:
    """Gives up all other calls, for every thread there is and comes; says what is left.

    Raises: OSError when the kernel has no filter, or none is written for this processor.
    """
    processor = PROCESSORS.get(os.uname().machine)
    if processor is None or sys.maxsize < 2**32 or sys.byteorder != "little":
        raise OSError(errno.ENOSYS, f"none is written for {os.uname().machine}")
    steps = instructions(processor, os.getpid())
    program = Program(len(steps), (Instruction * len(steps))(*steps))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "new privileges cannot be given up")
    number, what, how = map(ctypes.c_long, (processor.seccomp, SET_FILTER, ALL_THREADS))
    if libc.syscall(number, what, how, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "this kernel lets no filter be set")
    return f"{len(CALLS) + len(GUARDED)} calls left: nothing more is opened, connected or started"


def instructions(processor: Processor, pid: int) -> list[Instruction]:
    """The filter: a call that is not listed fails, as does one in another processor's numbers."""
    steps = [
        (LOAD, 0, 0, PROCESSOR),
        (EQUAL, 1, 0, processor.audit_name),
        (RETURN, 0, 0, EPERM),
        (LOAD, 0, 0, NUMBER),
    ]
    for numbers in CALLS.values():
        number = numbers[processor.column]
        if number is not None:
            steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    # abort() signals its own process; the filter is made for this one, so its id is known.
    abort = Guarded((234, 131), 0, EQUAL, pid, ALLOW, EPERM)
    for call in (*GUARDED.values(), abort):
        steps += [
            (EQUAL, 0, 4, call.numbers[processor.column]),
            (LOAD, 0, 0, _argument(call.argument)),
            (call.test, 0, 1, call.value),
            (RETURN, 0, 0, call.met),
            (RETURN, 0, 0, call.not_met),
        ]
    return [Instruction(*step) for step in [*steps, (RETURN, 0, 0, EPERM)]]


def _argument(place: int) -> int:
    """Where the low half of an argument lies (little-endian)."""
    return 16 + 8 * place
