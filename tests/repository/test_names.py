"""One vocabulary: no file or function is called after nothing."""

from __future__ import annotations

import ast
import re

from tests.parts import needs
from tests.repository.tracked import python, text

EMPTY_WORDS = {"utils", "util", "common", "shared", "helpers", "helper", "manager", "managers", "data", "misc"}
NUMBERED = re.compile(r"^[a-z]?\d+[a-z]?_|_\d+$")
EMPTY_VERBS = re.compile(r"^_*(?:handle|process|do)_")
GIVEN = re.compile(r"handle_(?:signal|update_validator|update_handler|[A-Z]+)")
"""What Temporal's interceptors and the mail servers' library (by SMTP command) call their methods."""
CATALOGUES = {"workflows/facts.py"}
"""Lists by nature: every fact, one small model each."""
LONGEST = 400
"""Lines: about 300 is the custom, and nothing is split in the middle of a thought."""

pytestmark = needs("git")


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    named = [str(path) for path in python() for part in path.with_suffix("").parts if part in EMPTY_WORDS or NUMBERED.search(part)]
    assert named == []


def test_no_function_has_a_verb_that_says_nothing() -> None:
    named = [
        f"{path}:{node.lineno} {node.name}"
        for path in python()
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and EMPTY_VERBS.match(node.name) and not GIVEN.fullmatch(node.name)
        if not (path.parts[0] == "tests" and node.name.startswith("do_"))  # the standard library's HTTP server calls its methods so
    ]
    assert named == []


def test_every_module_opens_with_what_it_owns() -> None:
    silent = [str(path) for path in python() if text(path).strip() and ast.get_docstring(ast.parse(text(path))) is None]
    assert silent == []


def test_no_file_outgrows_its_concept() -> None:
    lengths = {str(path): len(text(path).splitlines()) for path in python() if path.parts[0] != "tests"}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST and path not in CATALOGUES} == {}
