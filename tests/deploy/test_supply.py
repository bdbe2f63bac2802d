"""What the image is made of: listed for others, under terms that we allow, and the same whoever asks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.licenses import ALLOWED, DOCUMENT, document, licenses, packages
from tests.parts import ROOT, needs
from tests.repository.test_places import PIN

LOCK = ROOT / "requirements.production.lock"


def test_everything_in_the_image_is_under_terms_that_we_allow() -> None:
    """Of a choice of several, one is enough."""
    assert {name: licenses(name) for name in packages() if not ALLOWED & set(licenses(name))} == {}


def test_the_list_of_licenses_is_as_the_packages_declare() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `make sbom`"


def test_a_package_that_declares_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anvil-1.0.dist-info").mkdir()
    (tmp_path / "anvil-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: anvil\nVersion: 1.0\nLicense: ask a smith\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(LookupError, match="anvil declares no license"):
        licenses("anvil")


@needs("make")
def test_the_bill_of_materials_names_each_package_of_the_image_with_its_hashes_and_is_the_same_each_time(tmp_path: Path) -> None:
    pins = {found[1]: found[2] for line in LOCK.read_text().splitlines() if (found := PIN.match(line))}
    told: list[str] = []
    for name in ("once", "twice"):
        file = tmp_path / f"{name}.json"
        program = Path(sys.executable).with_name("cyclonedx-py")
        subprocess.run(
            [program, "requirements", "--output-reproducible", "--of", "JSON", "-o", file, LOCK], check=True, capture_output=True
        )
        told.append(file.read_text())
    assert told[0] == told[1]
    components = json.loads(told[0])["components"]
    assert {one["name"]: one["version"] for one in components} == pins
    assert all(one["externalReferences"][0]["hashes"] for one in components)


@needs("make")
def test_where_no_database_of_vulnerabilities_is_reached_that_is_said(tmp_path: Path) -> None:
    """As on a machine without a network: it is not taken for a clean bill of health."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "pip-audit"
    program.write_text("#!/bin/sh\necho 'ServiceError: nobody there' >&2\nexit 1\n")
    program.chmod(0o755)
    (tmp_path / "python").symlink_to(sys.executable)
    for name in ("Makefile", "requirements.production.lock", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".ready").touch()
    command = ["make", "audit", f"BIN={tmp_path / 'bin'}", f"READY={tmp_path / '.ready'}"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=50, check=False)
    assert told.returncode == 0
    assert "not run: no database of vulnerabilities can be reached" in told.stdout
