"""Writes docs/licenses.md: under what terms everything in the image may be used, as the packages themselves declare it.

`python -m docs.licenses`. A package of the production lock that declares nothing we know how to read stops it.
"""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from typing import Final

LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.production.lock"
DOCUMENT: Final = Path(__file__).with_name("licenses.md")
ALLOWED: Final = frozenset(
    {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0", "Unlicense"},
)
"""Of a choice of several, one is enough. MPL-2.0 asks for the source of changed files of its own, and we change none."""
_SAID: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""How packages said it before there were expressions."""
_PIN: Final = re.compile(r"^([a-z0-9][a-z0-9-]*)==\S+(?: ; (.+?))? \\$", re.MULTILINE)
_HEAD: Final = """# Licenses of what is in the image

<!-- written by `python -m docs.licenses` from what the packages of requirements.production.lock declare -->

| package | license |
|---|---|
"""


def packages() -> list[str]:
    """Of the production lock, but for those of other systems than the image's."""
    return [name for name, marker in _PIN.findall(LOCK.read_text()) if "== 'win32'" not in marker]


def licenses(package: str) -> tuple[str, ...]:
    """What it declares; several are a choice. LookupError if it declares nothing that is understood."""
    said = importlib.metadata.metadata(package)
    if "License-Expression" in said:
        return tuple(said["License-Expression"].split(" OR "))
    text = "".join(said.get_all("License") or [])
    older = [kind.rpartition(" :: ")[2] for kind in said.get_all("Classifier") or [] if kind.startswith("License ::")]
    found = [text] if text in ALLOWED else [_SAID[one] for one in (*older, text) if one in _SAID]
    if not found:
        raise LookupError(f"{package} declares no license that is understood: {text[:60]!r}, {older}")
    return tuple(dict.fromkeys(found))


def document() -> str:
    return _HEAD + "".join(f"| {name} | {' or '.join(licenses(name))} |\n" for name in packages())


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
