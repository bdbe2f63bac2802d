"""Which keys a deployment has, what is said about those that it cannot have, and how they change while it runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import structlog

from client.api.keys import DEV_KEY, SCOPES, Keys, keys_from, known
from client.settings import CannotStart

SECRET = "0123456789abcdef:with=signs"


def test_a_key_has_a_name_scopes_and_a_secret_that_may_hold_anything() -> None:
    """But the signs that part entries."""
    keys = keys_from(f"platform:read+write:{SECRET}, auditor:read:{SECRET}-2", embedded=False)
    found = known(keys, SECRET)
    assert found
    assert (found.name, found.scopes) == ("platform", {"read", "write"})
    assert known(keys, f"{SECRET}-2")
    assert known(keys, SECRET[:-1]) is None


def test_a_name_may_have_several_keys_while_they_are_rotated() -> None:
    """Any of them opens."""
    keys = keys_from(f"p:write:{SECRET}-old\np:write:{SECRET}-new", embedded=False)
    assert [key.name for secret in ("old", "new") if (key := known(keys, f"{SECRET}-{secret}"))] == ["p", "p"]


def test_the_development_key_is_the_embedded_servers_alone() -> None:
    """There it may do everything; elsewhere it cannot even be set."""
    found = known(keys_from(None, embedded=True), DEV_KEY)
    assert found
    assert found.scopes == set(SCOPES)
    assert known(keys_from(f"p:read:{SECRET}", embedded=False), DEV_KEY) is None
    with pytest.raises(CannotStart):
        keys_from(f"p:read:{DEV_KEY}", embedded=False)


@pytest.mark.parametrize(
    "setting", [None, "", " ,; ", "justasecretwithoutname", f"p:fly:{SECRET}", f"p::{SECRET}", "p:read:short", f":read:{SECRET}"]
)
def test_what_makes_no_sense_stops_the_start_and_shows_no_secret(setting: str | None) -> None:
    """One sentence that names the setting."""
    with pytest.raises(CannotStart) as told:
        keys_from(setting, embedded=False)
    assert "AFTERWORD_API_KEYS" in str(told.value)
    assert SECRET not in str(told.value)
    assert "short" not in str(told.value)


def test_a_key_is_kept_as_a_digest() -> None:
    """So that no log and no dump of it holds the secret."""
    assert SECRET not in repr(keys_from(f"p:read:{SECRET}", embedded=False))


def test_a_key_may_be_bound_to_one_candidate() -> None:
    """After its scopes; what a candidate's id may not hold, and what is the platform's alone, stops the start."""
    found = known(keys_from(f"coach:read+private@cand-7.x:{SECRET}", embedded=False), SECRET)
    assert found
    assert (found.name, found.scopes, found.candidate) == ("coach", {"read", "private"}, "cand-7.x")
    for entry in (f"p:read@:{SECRET}", f"p:read@a/b:{SECRET}", f"p:erase@cand-7:{SECRET}", f"p:read+operate@c:{SECRET}", f"p:@c:{SECRET}"):
        with pytest.raises(CannotStart, match="AFTERWORD_API_KEYS, entry 1") as told:
            keys_from(entry, embedded=False)
        assert SECRET not in str(told.value)


def test_a_key_may_be_bound_to_one_adviser() -> None:
    """To read, and to resign; no other scope goes with it, and no candidate's id is taken for an adviser's."""
    found = known(keys_from(f"grace:read+write@coach=coach-9:{SECRET}", embedded=False), SECRET)
    assert found
    assert (found.scopes, found.candidate, found.coach) == ({"read", "write"}, None, "coach-9")
    for entry in (f"g:read@coach=:{SECRET}", f"g:read@coach=a/b:{SECRET}", f"g:private@coach=c:{SECRET}", f"g:erase@coach=c:{SECRET}"):
        with pytest.raises(CannotStart, match="a key of one adviser is name:scope\\+scope@coach=adviser:secret"):
            keys_from(entry, embedded=False)


def rewritten(file: Path, text: str) -> None:
    """Later than before by the file's own clock, however fast this is."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text)
    os.utime(file, ns=(before + 10**9, before + 10**9))


def test_keys_in_a_file_are_rotated_while_it_runs(tmp_path: Path) -> None:
    """The new one opens, the old one no longer does."""
    rewritten(file := tmp_path / "keys", f"# whose they are\nplatform:read:{SECRET}-old\n")
    keys = Keys(f"file:{file}", embedded=False)
    assert keys.known(f"{SECRET}-old")
    rewritten(file, f"platform:read:{SECRET}-old\nplatform:read:{SECRET}-new\n")
    assert keys.known(f"{SECRET}-new")
    assert keys.known(f"{SECRET}-old")
    rewritten(file, f"platform:read:{SECRET}-new\n")
    assert keys.known(f"{SECRET}-old") is None
    assert keys.known(f"{SECRET}-new")


@pytest.mark.parametrize("broken", ["", "# nothing", f"platform:fly:{SECRET}", "no sense", None])
def test_a_file_that_became_wrong_leaves_the_last_good_keys_and_is_logged_once(tmp_path: Path, broken: str | None) -> None:
    """And its secrets are in no line of the log; once it is right again it counts."""
    rewritten(file := tmp_path / "keys", f"platform:read:{SECRET}-good")
    keys = Keys(f"file:{file}", embedded=False)
    with structlog.testing.capture_logs() as lines:
        if broken is None:
            file.unlink()
        else:
            rewritten(file, broken)
        assert keys.known(f"{SECRET}-good")
        assert keys.known(f"{SECRET}-good")
    assert [line["event"] for line in lines] == ["keys_kept"]
    assert SECRET not in str(lines)
    rewritten(file, f"platform:read:{SECRET}-next")
    assert keys.known(f"{SECRET}-next")


def test_a_file_that_is_wrong_at_the_start_stops_it(tmp_path: Path) -> None:
    """With one sentence that names the setting."""
    (tmp_path / "empty").write_text("\n")
    for file in ("missing", "empty"):
        with pytest.raises(CannotStart, match="AFTERWORD_API_KEYS: the file"):
            Keys(f"file:{tmp_path / file}", embedded=False)
