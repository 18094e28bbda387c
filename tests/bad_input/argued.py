"""Cases of ``bad-inputs.csv`` that are unsound, or that have a better answer than its own.

A case stands here, in one plain sentence, where the table asks for what ntgeo has no part in, or
where the test beside it checks another class of answer than the table's. All others are tested as
they stand.
"""

ARGUED: dict[str, str] = {}

AWAITED = frozenset({"demand", "boundaries", "roads", "siting", "visits", "time"})
"""Areas of the table whose cases are not all there yet; the table's own test keeps it true."""
