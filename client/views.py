"""The operators' queries, and links to Temporal's web UI that open them. Knows which questions there are, and asks none itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from workflows import names

_RUNNING: Final = 'ExecutionStatus = "Running"'
_APPLICATION: Final = f'WorkflowType = "{names.WORKFLOW}"'


@dataclass(frozen=True)
class View:
    """One question. `query`: as Temporal's list filter has it; None: it is one run."""

    name: str
    what: str
    link: str
    query: str | None = None


@dataclass(frozen=True)
class Desk:
    """Where the UI is, and of which namespace."""

    address: str
    namespace: str = "default"

    def views(
        self,
        now: datetime,
        *,
        application: str | None = None,
        candidate: str | None = None,
        connection: str | None = None,
        policy: str | None = None,
    ) -> tuple[View, ...]:
        """What is always asked, and then about the one application, candidate, connection or policy that is named."""
        overdue = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        found = [
            self._listed("attention", "what needs an operator; the column Attention says why", f"Attention IS NOT NULL AND {_RUNNING}"),
            self._listed("stuck", "runs whose tasks fail again and again", f"TemporalReportedProblems IS NOT NULL AND {_RUNNING}"),
            self._listed("overdue", "steps that are due by now", f'{_APPLICATION} AND {_RUNNING} AND NextDueAt < "{overdue}"'),
            self._listed("unclaimed", "spoken of by a board, opened by nobody", f'Stage = "unclaimed" AND {_RUNNING}'),
            self._listed("paused", "silent because somebody asked for it", f"Paused = true AND {_RUNNING}"),
            self._listed("events", "the streams to the platform's endpoints", 'WorkflowType = "Stream"'),
        ]
        if candidate:
            found.append(self._listed("candidate", f"everything of {candidate}", f"CandidateId = {quoted(candidate)}"))
        if connection:
            found.append(self._listed("connection", f"what {connection} spoke of first", f"Connection = {quoted(connection)}"))
        if policy:
            found.append(self._listed("policy", f"open by {policy}", f"Policy = {quoted(policy)} AND {_RUNNING}"))
        if application:
            run = quote(names.workflow_id(application), safe="")
            found.append(View("application", f"the run of {application}", f"{self._workflows}/{run}"))
        return tuple(found)

    @property
    def _workflows(self) -> str:
        return f"{self.address.rstrip('/')}/namespaces/{quote(self.namespace, safe='')}/workflows"

    def _listed(self, name: str, what: str, query: str) -> View:
        return View(name, what, f"{self._workflows}?query={quote(query, safe='')}", query)


def quoted(text: str) -> str:
    """As a literal of a list filter in the UI, which reads only those in double quotes back into its form."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
