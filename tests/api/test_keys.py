"""Which keys a deployment has, and what is said about those that it cannot have."""

from __future__ import annotations

import pytest

from client.api.keys import DEV_KEY, SCOPES, keys_from, known
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
