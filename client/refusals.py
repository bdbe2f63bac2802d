"""Why a call was not done, as exceptions: what callers of the façade catch, and what the HTTP API turns into problem documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INVALID: Final = frozenset({"invalid", "key-reused"})
"""Slugs of what is wrong with the message itself; every other slug is a refusal by the guide or by the state."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a message. `path`: names and indices from the body's root."""

    path: tuple[str | int, ...]
    detail: str


class NotDone(Exception):  # noqa: N818 -- nothing is wrong with whoever asked
    """Nothing was kept. `slug` never changes; `detail` is for a person."""

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug: Final = slug
        self.detail: Final = detail


class Refused(NotDone):
    """The guide or the state speaks against it, or another application has this id."""


class Invalid(NotDone):
    """The message itself cannot be kept, whatever the state; `faults` says where."""

    def __init__(self, detail: str, faults: tuple[Fault, ...] = (), slug: str = "invalid") -> None:
        super().__init__(slug, detail)
        self.faults: Final = faults


class NoSuchApplication(NotDone):
    """Nobody ever said a word about this id, or Temporal no longer keeps it."""

    def __init__(self, application: str) -> None:
        super().__init__("no-such-application", f"No application {application} is known.")


class NoSuchCandidate(NotDone):
    """No application was ever opened for this candidate, or they were erased."""

    def __init__(self, candidate: str) -> None:
        super().__init__("no-such-candidate", f"No candidate {candidate} is known.")


class NoSuchCoach(NotDone):
    """An adviser whose key this is not. Says no more."""

    def __init__(self) -> None:
        super().__init__("no-such-coach", "No such adviser is known.")


class NoSuchErasure(NotDone):
    """Nothing was ever erased under this id, or Temporal no longer keeps its receipt."""

    def __init__(self, erasure: str) -> None:
        super().__init__("no-such-erasure", f"No erasure {erasure} is known.")


class NoSuchImport(NotDone):
    """Nothing was ever imported under this id, or Temporal no longer keeps its report."""

    def __init__(self, importing: str) -> None:
        super().__init__("no-such-import", f"No import {importing} is known.")


class NoSuchPolicy(NotDone):
    """No policy of that name is in force."""

    def __init__(self) -> None:
        super().__init__("no-such-policy", "There is no policy of that name, neither built in nor in the file of policies.")


class NoSuchMigration(NotDone):
    """Nothing was ever migrated under this id, or Temporal no longer keeps it."""

    def __init__(self, migration: str) -> None:
        super().__init__("no-such-migration", f"No migration {migration} is known.")


class NoSuchWebhook(NotDone):
    """The file of endpoints has none of that id."""

    def __init__(self) -> None:
        super().__init__("no-such-webhook", "There is no endpoint of that id in the file of webhooks.")


class Unavailable(NotDone):
    """Temporal or the worker did not answer in time. The word may or may not have been kept: say it again, unchanged."""

    def __init__(self, detail: str = "The service did not answer in time. Say the same again: repeating is safe.") -> None:
        super().__init__("unavailable", detail)


class NoTestClock(NotDone):
    """This deployment's clock is the real one."""

    def __init__(self) -> None:
        super().__init__("no-test-clock", "Only the embedded and the sandbox server can move an application's clock forward.")


class Broken(NotDone):
    """A bug in the workflow: the update was accepted and failed."""

    def __init__(self) -> None:
        super().__init__("internal", "The application could not take this because of a fault on our side; nothing was kept.")


def from_workflow(slug: str | None, detail: str) -> NotDone:
    """What a refusal that came back from the update `record` means."""
    if slug in INVALID:
        return Invalid(detail, slug=slug)
    if slug is None or not slug.islower():  # not one of ours: an exception's class name
        return Broken()
    return Refused(slug, detail)
