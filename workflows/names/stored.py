"""What Temporal stores under a name: workflows, queues, updates, activities, search attributes, error types. None ever changes."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Final

WORKFLOW: Final = "JobApplication"
RECORD: Final = "record"
HEARD: Final = "heard"
VIEW: Final = "view"
FACTS: Final = "facts"
"""Query of a candidate's run: every fact as it was said."""
CANDIDATE: Final = "Candidate"
TELL_CANDIDATE: Final = "tell_candidate"
PUSH_PROFILE: Final = "push_profile"
ANNOUNCE: Final = "announce"
SEND_NOTICE: Final = "send_notice"
LOOK_UP_HOLIDAYS: Final = "look_up_holidays"
FORWARD_FACTS: Final = "forward_facts"
SEND_LETTER: Final = "send_letter"
SEND_CANDIDATE_NOTICE: Final = "send_candidate_notice"
DEFER_NOTICE: Final = "defer_notice"

TASK_QUEUE: Final = "afterword"
NOTICES: Final = "afterword-notices"
"""The queue of sends alone, so that they can be paused and rate-limited apart."""

KEYWORDS: Final = ("Stage", "Outcome", "CandidateId", "Connection", "NextStep", "Policy", "Attention")
KEYWORD_LISTS: Final = ("Coaches",)
DATETIMES: Final = ("NextDueAt", "ChangedAt")
INTS: Final = ("Round", "FollowUps", "SilenceDays")
"""Of integers servers keep room for three."""
BOOLS: Final = ("Paused", "ThankedInTime", "RepliedAfterFollowUp")

TASK_TIMEOUT: Final = timedelta(seconds=4)
"""Of a workflow task: after a worker's death a word waits this long, not ten seconds."""
RETENTION: Final = timedelta(days=365)
"""How long ended runs are kept, at least: late word is resumed from them."""


def workflow_id(application: str) -> str:
    return f"application/{application}"


def candidate_id(candidate: str) -> str:
    return f"candidate/{candidate}"


UNCERTAIN: Final = "SendUncertain"
"""Error type: the message was handed over and the answer is unknown. Never retried."""
BAD_ADDRESS: Final = "BadAddress"
"""Error type: the mail server refuses the recipient for good. Never retried."""
NO_ENDPOINT: Final = "NoEndpoint"
"""Error type: the candidate is reached by the platform, and the file of webhooks has no endpoint for prompts. Never retried."""
ENDPOINT_REFUSES: Final = "EndpointRefuses"
"""Error type: the platform's endpoint will not take this prompt, however often it is sent. Never retried."""
UNSENDABLE: Final = "LetterUnsendable"
"""Error type: a letter that must not leave as it stands: it has a blank, no words, or nobody to answer to. Never retried."""
REFUSED: Final = "SendRefused"
"""Error type: refused or unreachable before the data was handed over. Retried."""

EXAMPLES: Final[dict[str, Any]] = {
    RECORD: {"facts": [{"type": "employer_replied", "id": "reply-1"}], "by": "platform"},
    HEARD: {"facts": [{"type": "paused"}], "by": "platform"},
}

INTAKE: Final = "Intake"
POLL: Final = "Poll"
TAKE_IN: Final = "take_in"
READ_CHANGES: Final = "read_changes"

BOARDS: Final = "afterword-boards"
"""The queue of everything that asks a board's API, so that a slow board holds up nobody else."""


def intake_id(connection: str, key: str) -> str:
    """`key`: a digest of what names the delivery."""
    return f"intake/{connection}/{key}"


def poll_id(connection: str) -> str:
    """Of the schedule; its runs have the same id and the time at which they were due."""
    return f"poll/{connection}"


BOARD_REFUSES: Final = "BoardRefuses"
"""Error type: the API wants another key, or is not where the connection says. Tried again slowly, since only an operator can help."""
BOARD_FAILS: Final = "BoardFails"
"""Error type: the API did not answer, not now, or not so that it can be read. Tried again, when the board says so or by and by."""


TOMBSTONE: Final = "Tombstone"


def tombstone_id(application: str) -> str:
    """Of an erased application. It tells whoever knows the application's id, and nobody else."""
    return f"erased/{hashlib.sha256(application.encode()).hexdigest()}"
