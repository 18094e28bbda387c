"""Sixty texts that a page, a template or a script might take for something else than text."""

HOSTILE = (
    "${alert(1)}", "`${alert(1)}`", "`;alert(1);//", "</script><script>alert(1)</script>",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<svg/onload=alert`1`>", "<iframe src=javascript:alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "\"><script>alert(1)</script>", "'><script>alert(1)</script>", "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' autofocus='", "';alert(1);'", "\";alert(1);\"", "\\';alert(1);//",
    "\\\";alert(1);//", "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "\\x3cscript\\x3e",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "&amp;lt;b&amp;gt;", "<!--", "-->",
    "<!-- <script>", "]]>", "<![CDATA[x]]>", "{{7*7}}", "{{ this.__class__ }}",
    "{% for x in range(9) %}x{% endfor %}", "{# hidden #}", "#{7*7}", "<%= 7*7 %>", "%{7*7}",
    "{{''.__class__.__mro__}}", "line\u2028separator", "paragraph\u2029separator", "nul\x00byte",
    "bell\x07escape\x1b[31m", "c1\x85control\x9b", "override\u202eevil\u202c", "isolate\u2067x\u2069",
    "\ufeffmark", "zero\u200bwidth", "lone\ud800surrogate", "new\nline\ttab\r\n", "שלום עולם",
    "مرحبا <b>بالعالم</b>", "Siân O'Neill & Söhne", "emoji 🏥 𝒯", "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)",
    "__proto__", "constructor", "</style><style>*{display:none}</style>", "</title><h1>x",
    "</textarea><plaintext>", "javascript:alert(1)", "</template><script>alert(1)</script>",
)  # fmt: skip
