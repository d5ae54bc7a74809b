"""Whole programs in wrappings that are rarer, and some wrappings around nothing that can be used."""

from __future__ import annotations

import html
import json

from .case import SOURCE, TRANSLATED, Expected, ReplyCase, fenced

_SHORT = "import dvc.api\n\nx = 1 < 2\nprint(dvc.api, x)\n"
_DOCTEST = SOURCE.replace('"""Publishes."""', '"""Publishes.\n\n    >>> Publisher(None)\n    """')
_CELLS = {
    "cells": [
        {"cell_type": "code", "source": ["%pip install dvc\n", "import dvc.api\n"]},
        {"cell_type": "markdown", "source": "Now:"},
        {"cell_type": "code", "source": "x = 1 < 2\nprint(dvc.api, x)"},
    ]
}


def _case(
    name: str, reply: str, code: str = _SHORT, source: str = "import git\n", expected: Expected = "accepted"
) -> ReplyCase:
    code = code if expected == "accepted" else ""
    return ReplyCase(
        "rare wrapping" if expected == "accepted" else "reasoning", name, reply, expected, code, source
    )


MORE_WRAPPED = [
    _case("language as the first line", f"python\n{_SHORT}"),
    _case("language as the first line of a fence", fenced(f"python\n{_SHORT}", "")),
    _case("copied from a web page", f"pythonCopy code\n{_SHORT}"),
    _case(
        "escaped for HTML, and parses so",
        fenced("import dvc.api\nx = 1 &lt; 2\n"),
        "import dvc.api\nx = 1 < 2\n",
    ),
    _case("shown on a web page", f'<pre><code class="python">{html.escape(_SHORT)}</code></pre>'),
    _case("in tags of its own, with prose", f"So:\n<answer>\n{_SHORT}</answer>\nDone."),
    _case("thoughts without a beginning", f"Like\n{fenced(TRANSLATED)}\nor so.\n</think>\n{fenced(_SHORT)}"),
    _case("quoted", "".join(f"> {line}\n" for line in fenced(_SHORT).split("\n"))),
    _case("session", fenced("".join(f">>> {line}\n" for line in _SHORT.splitlines()) + "(1, True)\n")),
    _case("doctest in the program", f"Here:\n\n{_DOCTEST}\nDone.", _DOCTEST, _DOCTEST),
    _case(
        "notebook with an install command",
        json.dumps(_CELLS),
        "import dvc.api\n\n" + _SHORT.partition("\n\n")[2],
    ),
    _case("JSON within a sentence", f"Here: {json.dumps({'code': _SHORT})} Good luck!"),
    _case("JSON with a name of its own", json.dumps({"notes": "x", "translated": {"source": _SHORT}})),
    _case("JSON text of a short program", json.dumps(_SHORT)),
    _case(
        "line numbers with spaces", "".join(f"{n} {x}\n" for n, x in enumerate(_SHORT.splitlines(), start=7))
    ),
    _case("no-break spaces", fenced("def f():\n\u00a0   return 1\n"), "def f():\n    return 1\n", "x = 1\n"),
    _case("invisible character", f"\u200b{_SHORT}"),
    _case("only the end of a fence", f"{_SHORT}```\nDone."),
    _case("ends in its thoughts", f"<think>\nMaybe\n{fenced(_SHORT)}\nbut", expected="repaired"),
    _case("thoughts and nothing else", "<think>\nHm.\n</think>\n", expected="refused"),
]
