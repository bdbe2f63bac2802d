"""Policies over HTTP: what is in force, what would move under another one, and moving open applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from client.api.numbers import Migration, PolicyList, Previewed, WholePolicy
from client.http.calls import Calls, segment


class Policies:
    """The policies of one deployment. Raises what every call does, as `client.http.applications.Applications` has it."""

    def __init__(self, calls: Calls) -> None:
        self._calls: Final = calls

    async def list(self) -> PolicyList:
        """Those in force, and what is wrong with the file."""
        return PolicyList.model_validate_json((await self._calls.ask("GET", "/v1/policies")).content)

    async def view(self, policy: str) -> WholePolicy:
        """What a new application gets that names it. NoSuchPolicy."""
        return WholePolicy.model_validate_json((await self._calls.ask("GET", f"/v1/policies/{segment(policy)}")).content)

    async def pinned(self, application: str) -> WholePolicy:
        """The one that an application goes by. NoSuchApplication."""
        return WholePolicy.model_validate_json((await self._calls.ask("GET", f"/v1/applications/{segment(application)}/policy")).content)

    async def preview(self, policy: str, cursor: str | None = None, limit: int = 20, **where: Any) -> Previewed:
        """A page of the open applications that `where` chooses, and which of their steps would move. NoSuchPolicy, Invalid."""
        answer = await self._calls.ask("GET", f"/v1/policies/{segment(policy)}/preview", cursor=cursor, limit=limit, **where)
        return Previewed.model_validate_json(answer.content)

    async def migrate(
        self, policy: str, where: BaseModel | Mapping[str, Any] | None = None, applications: Sequence[str] | None = None
    ) -> str:
        """Moves open applications, either those that `where` chooses (empty: all) or those named; the migration's id.

        While it is under way, said again it is the same one. NoSuchPolicy, Invalid.
        """
        said = {name: part for name, part in (("where", where), ("applications", applications)) if part is not None}
        return str((await self._calls.ask("POST", f"/v1/policies/{segment(policy)}/migrations", said)).json()["migration"])

    async def migration(self, migration: str) -> Migration:
        """How far it is. NoSuchMigration."""
        return Migration.model_validate_json((await self._calls.ask("GET", f"/v1/policies/migrations/{segment(migration)}")).content)
