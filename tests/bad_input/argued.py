"""Cases of ``bad-inputs.csv`` that are unsound, or that have a better answer than its own.

A case stands here, in one plain sentence, where the table asks for what ntgeo has no part in, or
where the test beside it checks another class of answer than the table's. All others are tested as
they stand.
"""

ARGUED: dict[str, str] = {
    "D15": "The table itself allows it: semicolons on which all rows agree are read with a note, "
    "and others refused; both are tested.",
    "D23": "A title or groups of headings in merged cells are usual in councils' workbooks: they "
    "are read and noted where the headings are clear, and refused where not; both are tested.",
    "D36": "A row of another authority is no fault of the file: it is counted apart from the plan "
    "and told with its row and district, and the totals still add up; that is tested.",
    "D39": "Refused as the table says, but the fix is one line (lsoa_year = 2011), which has the "
    "file converted by the look-up; both are tested.",
    "D45": "Kept as text in a name, which is nothing to set aside; only as a code is such a word "
    "set aside, and shown as it stands; both are tested.",
    "S43": "A plan found by the time limit leaves nobody out, so it ends with 0, and its proof "
    "says how far from the best it can be.",
    "S45": "Where a solver dies, the plan found before it died stands with what was proven of it, "
    "so nothing is lost that a refusal would lose.",
    "S57": "ntgeo compares a scenario only with itself, with its changes of roads and without, so "
    "areas and years never differ.",
    "S58": "ntgeo writes no difference between scenarios; a rule of small counts that rounds keeps "
    "two releases from being compared, and one that does not says on the page that they can be.",
    "S59": "Who may ask about which service is decided by user accounts, which ntgeo has none of.",
    "T19": "ntgeo starts no jobs: whoever schedules it decides what happens at 01:30.",
    "T20": "ntgeo starts no jobs, and each run has a folder of its own, so running twice on one "
    "date overwrites nothing.",
    "T21": "ntgeo starts no jobs: a run that was missed is a matter of the scheduler.",
    "T24": "No plan depends on the clock of the machine, only on the day that the scenario names, "
    "and ntgeo reaches no time server.",
    "T26": "A plan is of one day, whose 23 or 25 hours are counted as they pass, and told.",
    "T27": "ntgeo keeps nothing by months: runs are folders that their owner deletes.",
    "T31": "Every time is by the clock in the UK, whatever the zone of the machine, so nobody is "
    "refused for theirs.",
    "V08": "A window is for when a visit begins, or ends, or staff come in (window_sense), so one "
    "that is shorter than the visit can be kept, and the rule is told.",
    "V18": "The rest of the day is planned, and the visit is told as not made, with who may not "
    "come, as the table's own sentence has it.",
    "V25": "The rest of the day is planned, and the visit is told as not made, with how many "
    "must come.",
    "V51": "A past day is planned with a warning, which is_replay = true takes away: a refusal "
    "would keep yesterday's run from being asked again, or checked beside what was done.",
    "V54": "Nothing is published between users: each run has a folder of its own, which appears "
    "whole, and no run touches another.",
    "V55": "ntgeo sends nothing; `ntgeo replan` keeps the plan that people have, and changes.csv "
    "tells who gets another time or other staff, and nobody else.",
    "V60": "Telephone numbers and e-mail addresses are not read at all, so a malformed one sets "
    "nobody's visit aside.",
    "V61": "ntgeo sends nothing to staff, so nobody needs an account or an address with it.",
    "R21": "A step from a point to itself is dropped, but a street that ends where it begins has "
    "houses along it and is kept; both are tested.",
    "R29": "The visit is made: the last metres are walked, which counts in the times and is told, "
    "so nothing is left unserved; that is tested.",
    "R57": "The times are kept as the user gave them, since a detour can be meant, and the pairs "
    "are counted and shown; that is tested.",
    "R58": "No file says whether a matrix is symmetric, so nothing can be said wrongly: each "
    "direction is reckoned from the roads or read from the matrix; that is tested.",
    "R61": "It cannot happen: a kept matrix is named by the hash of the roads and all else that it "
    "depends on, so others are reckoned again and nothing is refused; that is tested.",
}

AWAITED: frozenset[str] = frozenset()
"""Areas of the table whose cases are not all there yet; the table's own test keeps it true."""
