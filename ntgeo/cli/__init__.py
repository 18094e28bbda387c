"""The command line: builds a request, calls a verb, shows the answer."""
