"""How the compiled searches are compiled.

A search hands some forty arrays on from function to function. Numba counts references to each at
every call, and passes each by its every field: together nine tenths of the time. So nothing is
counted, and what is called from the innermost loops is written into its caller.
"""

from __future__ import annotations

from numba import njit

__all__ = ["entry", "inlined", "kernel"]

# ``_nrt`` is not documented; without it an array that a kernel makes is an error when it is
# compiled. Kernels change the arrays that they are handed, and make none.
entry = njit(cache=True, nogil=True, _nrt=False)
"""For what Python calls."""

kernel = njit(cache=True, nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For what only kernels call: the way in from Python, a quarter of compiling, is left out.

Python that calls one ends without a message; a test sees to it that none does.
"""

inlined = njit(cache=True, nogil=True, _nrt=False, inline="always")
"""For what is written into the kernels that call it."""
