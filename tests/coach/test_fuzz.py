"""The entrances about advisers under hostile words: a plain page or a problem each time, and nobody is agreed to by accident."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.coach.advising import Case
from tests.page.test_fuzz import SAID, WORDS

FEW = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
IDS = st.text(max_size=140) | st.sampled_from(["coach-9", "' OR 1=1", "a/b", "..", "x" * 129, "\x00"])


@FEW
@given(said=SAID, also=WORDS.filter(lambda word: word.strip() not in ("coach", "coach-end")))
async def test_no_form_but_the_one_that_agrees_agrees(case: Case, said: dict[str, str], also: str) -> None:
    """By either link, whatever its fields hold."""
    links = await case.asked_once()
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in (said | {"what": also}).items()}
    for link in (links["coach"], links["coach-end"]):
        assert (await case.visitor.http.post(link, data=fields)).status_code in (200, 422)
    assert (await case.seen(), (await case.coaches())[0]["since"]) == (404, None)


@FEW
@given(coach=IDS, name=st.text(max_size=20) | st.none() | st.integers(), cursor=st.text(max_size=60))
async def test_whatever_is_asked_is_answered_and_nobody_is_agreed_to(case: Case, coach: str, name: Any, cursor: str) -> None:
    """Ids, names and cursors of every shape: kept, or refused with a reason."""
    answer = await case.api.post(f"/v1/candidates/{case.candidate}/coaches", json={"id": coach, "name": name})
    assert answer.status_code in (200, 409, 422), answer.text
    page = await case.adviser.get(f"/v1/coaches/{case.coach}/candidates", params={"cursor": cursor})
    assert page.status_code in (200, 422), page.text
    assert [one for one in await case.coaches() if one["since"]] == []
