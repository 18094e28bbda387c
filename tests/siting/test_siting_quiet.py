"""What compiled code prints is dropped; what comes before and after is not."""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor

from ntgeo.siting.quiet import without_native_output

LIBC = ctypes.CDLL(None)


def test_compiled_code_prints_nothing_and_standard_output_comes_back(capfd):
    os.write(1, b"before ")
    with without_native_output():
        LIBC.printf(b"stray line\n")
    LIBC.printf(b"after\n")
    LIBC.fflush(None)
    assert capfd.readouterr().out == "before after\n"


def test_threads_inside_at_the_same_time_give_it_back_when_the_last_leaves(capfd):
    def work(number):
        with without_native_output(), without_native_output():
            LIBC.printf(b"stray %d\n", number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(40)))
    os.write(1, b"here again")
    assert capfd.readouterr().out == "here again"
