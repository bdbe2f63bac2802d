"""The examples of the documentation run, and tell what their document says they do."""

from __future__ import annotations

import re
from pathlib import Path

from client.embedded import Stack
from client.http.applications import Applications
from client.http.candidates import Candidates
from client.http.coaches import Coaches
from client.http.holds import Holds
from client.http.imports import Imports
from client.http.policies import Policies
from docs.examples import beside_temporal, over_http

DOCUMENT = Path(__file__).parents[2] / "docs/client.md"


async def test_the_example_over_http_walks_from_the_interview_to_the_reply(stack: Stack) -> None:
    said: list[str] = []
    await over_http.main(stack.api, "dev-key", said.append)
    assert [line.split(" ")[1:3] for line in said[:1]] == [["is", "thanking;"]]
    assert said[1].startswith("thanked, so it is waiting; follow-up/1 is due ")
    assert said[2].startswith("follow-up/1 was prompted; its draft to jobs@example.com begins: ")
    assert "follow-up-already-sent" in said[3]
    assert said[4] == "they answered, so it is waiting again"
    assert said[5].endswith("employer_replied")


async def test_the_example_beside_temporal_says_the_same_words(stack: Stack) -> None:
    said: list[str] = []
    await beside_temporal.main(stack.client, said.append)
    assert said[0].endswith("is thanking, new: True; opened again, new: False")
    assert said[1].startswith("thanked, so it is waiting; ahead: ")
    assert "follow-up/1" in said[1]
    assert said[2:4] == [
        "a second follow-up is refused (follow-up-already-sent)",
        "No application nobody-spoke-of-it is known.",
    ]


def test_the_document_names_every_example_and_every_call() -> None:
    text = DOCUMENT.read_text()
    examples = Path(over_http.__file__).parent.glob("*.py")
    assert [one.name for one in examples if f"examples/{one.name}" not in text] == []
    kinds = (Applications, Candidates, Coaches, Holds, Imports, Policies)
    calls = {name for kind in kinds for name in vars(kind) if not name.startswith("_")}
    assert sorted(name for name in calls if not re.search(rf"[`.]{name}[`(]", text)) == ["aclose"]
