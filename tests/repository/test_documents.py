"""The documents keep their form, and point to what is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.parts import ROOT, needs
from tests.repository.tracked import documents, text

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
HEADINGS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = re.compile(r"## \[(?:Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d{2}-\d{2})?")


def releases() -> list[str]:
    return re.split(r"^(?=## )", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1:]


def decisions() -> list[Path]:
    return sorted((ROOT / "docs/adr").glob("[0-9]*.md"))


@needs("git")
def test_every_link_to_a_file_leads_to_one() -> None:
    broken = [
        f"{path}: {target}"
        for path in documents()
        for target in LINK.findall(text(path))
        if "://" not in target and not target.startswith(("#", "mailto:")) and not (ROOT / path.parent / target.split("#")[0]).exists()
    ]
    assert broken == []


def test_the_changelog_opens_with_its_own_rules() -> None:
    opening = (ROOT / "CHANGELOG.md").read_text().split("## ")[0]
    assert opening.startswith("# Changelog\n")
    assert "The rules of this file:" in opening


def test_a_release_has_a_number_and_a_date_and_the_unreleased_comes_first() -> None:
    titles = [release.splitlines()[0] for release in releases()]
    assert [title for title in titles if not RELEASE.fullmatch(title)] == []
    assert titles[0] == "## [Unreleased]"
    assert [title for title in titles[1:] if " - " not in title] == []


def test_the_headings_of_a_release_are_known_ordered_and_not_empty() -> None:
    for release in releases():
        sections = re.split(r"^### ", release, flags=re.MULTILINE)[1:]
        names = [section.splitlines()[0] for section in sections]
        assert names == [name for name in HEADINGS if name in names]
        assert [name for name, section in zip(names, sections, strict=True) if "\n- " not in section] == []


def test_every_decision_is_listed_and_says_what_was_rejected() -> None:
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (ROOT / "docs/adr/README.md").read_text())
    assert listed == [path.name for path in decisions()]
    assert [path.name for path in decisions() if "\n## Rejected\n" not in path.read_text()] == []


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in decisions()] == list(range(1, len(decisions()) + 1))
