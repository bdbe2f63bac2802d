"""Private text stays in letters; everything else says that it exists."""

from __future__ import annotations

import httpx

from tests.running import body

SECRET = "their culture frightened me"
NOTED = {
    "type": "reflection_noted",
    "interview": "i1",
    "takeaways": SECRET,
    "questions": SECRET,
    "answers": SECRET,
    "points": {"g": "the loom"},
}


async def test_reflections_are_in_no_view(api: httpx.AsyncClient, application: str) -> None:
    """Not in the answer to saying them, not in the view, not in the facts; each says `private`."""
    path = f"/v1/applications/{application}"
    await api.post("/v1/applications", json=body(application))
    answers = [await api.post(f"{path}/facts", json=NOTED), await api.get(path), await api.get(f"{path}/facts")]
    for answer in answers:
        assert SECRET not in answer.text
        assert "the loom" not in answer.text
        noted = answer.json()["facts"][-1]
        assert (noted["type"], noted["private"]) == ("reflection_noted", True)


async def test_reflections_of_an_opening_and_a_preview_are_in_no_view(api: httpx.AsyncClient, application: str) -> None:
    """However they came in."""
    said = body(application)
    said["facts"].append(NOTED)
    assert SECRET not in (await api.post("/v1/preview", json=said)).text
    assert SECRET not in (await api.post("/v1/applications", json=said)).text


async def test_a_letter_holds_the_point_that_was_noted(api: httpx.AsyncClient, application: str) -> None:
    """Once prompted: a draft per interviewer, gone when they were thanked."""
    path = f"/v1/applications/{application}"
    await api.post("/v1/applications", json=body(application))
    await api.post(f"{path}/facts", json={"type": "reflection_noted", "interview": "i1", "points": {"g": "the loom"}})
    assert (await api.get(f"{path}/letters")).json() == {"letters": []}
    await api.post(f"{path}/advance", json={"to": "next"})
    [letter] = (await api.get(f"{path}/letters")).json()["letters"]
    assert letter["id"] == "thank-you/i1/g"
    assert letter["to"] == {"name": "Grace Hopper", "email": "grace@example.com"}
    assert "the loom" in letter["body"]
    assert all(blank in letter["body"] for blank in letter["blanks"])
    await api.post(f"{path}/facts", json={"type": "thank_you_sent", "interview": "i1", "interviewer": "g"})
    assert (await api.get(f"{path}/letters")).json() == {"letters": []}


async def test_the_words_of_an_approved_letter_are_in_no_view(api: httpx.AsyncClient, application: str) -> None:
    """They were made from what was noted in private: that it was approved is all that the views say."""
    path = f"/v1/applications/{application}"
    await api.post("/v1/applications", json=body(application))
    approved = {"type": "letter_approved", "letter": "thank-you/i1/g", "subject": "Thank you", "body": SECRET, "anyway": True}
    said = await api.post(f"{path}/facts", json=approved)
    assert said.status_code == 200, said.text
    for answer in (said, await api.get(path), await api.get(f"{path}/facts")):
        assert SECRET not in answer.text
        kept = next(fact for fact in answer.json()["facts"] if fact["type"] == "letter_approved")
        assert (kept["letter"], kept["private"]) == ("thank-you/i1/g", True)
