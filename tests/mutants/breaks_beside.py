"""Rules broken on purpose, of what stands beside the guide: holds, consents, what Temporal keeps, and where an application stands."""

from __future__ import annotations

from typing import Final

from tests.mutants.row import broken

COACHES, HOLDING = "workflows/person/coaches.py", "workflows/holding.py"
CONSENTS, SCOPES = "tests/person/test_coaches.py", "tests/holding/test_scopes.py"

BREAKS_BESIDE: Final = (
    broken(
        "a digest leaves although something in it is held",
        HOLDING,
        "                yield from _scopes(notice)\n",
        "                yield f'notice/{notice.application}'\n",
        f"{SCOPES}::test_a_hold_stops_what_is_in_its_scope",
    ),
    broken(
        "a hold goes on when its time is over",
        "workflows/names/holding.py",
        "tuple(one for one in self.holds if one.until > now)",
        "tuple(one for one in self.holds if one.until)",
        f"{SCOPES}::test_a_hold_stops_what_is_in_its_scope",
    ),
    broken(
        "where it cannot be read what is held, mail leaves",
        "worker/holding.py",
        "            raise _held(timedelta(seconds=FRESH)) from None\n",
        "            return\n",
        "tests/holding/test_reading.py::test_nothing_leaves_where_it_cannot_be_known",
    ),
    broken(
        "anybody agrees to an adviser",
        COACHES,
        '    if fact.by != "candidate":\n',
        "    if not fact.by:\n",
        f"{CONSENTS}::test_only_the_candidate_agrees_and_only_to_the_ask_that_stands",
    ),
    broken(
        "an adviser reads on after the end",
        COACHES,
        "            consents.pop(fact.coach, None)\n",
        "            consents.get(fact.coach)\n",
        f"{CONSENTS}::test_whoever_ends_it_ends_it",
    ),
    broken(
        "one key's ciphertext passes for another's",
        "client/encryption/codec.py",
        "key.cipher.encrypt(nonce, payload.SerializeToString(), _bound(key))",
        'key.cipher.encrypt(nonce, payload.SerializeToString(), b"")',
        "tests/encryption/test_codec.py::test_what_an_older_key_encrypted_is_read_and_the_newest_encrypts",
    ),
    broken(
        "whoever was prompted by the last call is waiting",
        "workflows/guide/__init__.py",
        'for kind in ("follow-up", "follow-up-last-call")] if silence',
        'for kind in ("follow-up",)] if silence',
        "tests/core/test_stages.py::TestStages::test_following_up_too_once_only_the_last_call_was_prompted",
    ),
)
