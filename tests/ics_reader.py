"""Reads calendars as RFC 5545 has them, and accepts nothing that it does not allow."""


def events(text):
    """The events of a calendar as RFC 5545 has them: unfolded, unescaped, one dictionary each."""
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    assert all(len(line.encode("utf-8")) <= 75 for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    unfolded = []
    for line in lines:
        if line.startswith(" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found = []
    for line in unfolded[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            assert name not in found[-1]
            found[-1][name] = unescaped(value)
    return found


def unescaped(value):
    kept, rest = "", iter(value)
    for character in rest:
        if character == "\\":
            following = next(rest)
            kept += "\n" if following == "n" else following
        else:
            assert character not in ",;"
            kept += character
    return kept
