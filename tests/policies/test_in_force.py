"""What a policy's name stands for in openings, previews and facts, and that nothing reaches an application that was not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from client.refusals import Invalid
from tests.policies.conftest import FILE, Platform
from tests.running import body, opening, slug
from workflows.facts import DetailsChanged, Word


def awake(application: str, **other: Any) -> dict[str, Any]:
    """An opening whose candidate is awake at any hour."""
    said = body(application, **other)
    said["candidate"]["waking_hours"] = ["00:00", "23:59"]
    return said


def follow_up(view: dict[str, Any]) -> dict[str, Any]:
    return next(step for step in view["agenda"] if step["intent"].startswith("follow-up"))


def reasons(steps: list[dict[str, Any]]) -> Iterator[str]:
    return (step["why"] for step in steps if step["intent"].startswith("follow-up"))


async def test_an_opening_pins_the_numbers_of_the_file(platform: Platform, application: str) -> None:
    answer = await platform.http.post("/v1/applications", json=awake(application, policy="patient"))
    assert answer.is_success, answer.text
    assert answer.json()["policy"] == {"name": "patient", "version": 3}
    assert follow_up(answer.json())["why"].endswith("Policy patient 3.")
    assert "9 business days" in follow_up(answer.json())["why"]


async def test_a_preview_goes_by_the_file_too(platform: Platform) -> None:
    answer = await platform.http.post("/v1/preview", json=body(policy="patient"))
    assert answer.status_code == 200, answer.text
    assert all("Policy patient 3." in why for why in reasons(answer.json()["steps"]))


async def test_changed_details_name_a_policy_of_the_file_also_within_an_opening(platform: Platform, application: str) -> None:
    said = awake(application)
    said["facts"].append({"type": "details_changed", "policy": "patient"})
    answer = await platform.http.post("/v1/applications", json=said)
    assert (answer.status_code, answer.json().get("policy")) == (201, {"name": "patient", "version": 3})
    path = f"/v1/applications/{application}/facts"
    back = await platform.http.post(path, json={"type": "details_changed", "policy": "university"})
    assert back.json()["policy"] == {"name": "university", "version": 1}


@pytest.mark.parametrize("known", [False, True])
async def test_an_unknown_name_is_refused_at_its_place(platform: Platform, application: str, *, known: bool) -> None:
    """And with the names that are known."""
    if known:
        assert (await platform.http.post("/v1/applications", json=awake(application))).is_success
        path = f"/v1/applications/{application}/facts"
        fact = {"type": "details_changed", "policy": "legal"}
        two = {"facts": [{"type": "employer_replied"}, fact]}
        answers = [(await platform.http.post(path, json=fact), "policy"), (await platform.http.post(path, json=two), "facts.1.policy")]
    else:
        said, inside = awake(application, policy="legal"), awake(application)
        inside["facts"].append({"type": "details_changed", "policy": "legal"})
        answers = [
            (await platform.http.post("/v1/applications", json=said), "policy"),
            (await platform.http.post("/v1/preview", json=said), "policy"),
            (await platform.http.post("/v1/applications", json=inside), "facts.1.policy"),
        ]
    for answer, field in answers:
        assert (answer.status_code, slug(answer)) == (422, "invalid")
        (error,) = answer.json()["errors"]
        assert (error["field"], error["detail"]) == (field, "there is no policy of that name; known: industry, patient, university")


async def test_what_was_refused_left_nothing(platform: Platform, application: str) -> None:
    await platform.http.post("/v1/applications", json=awake(application, policy="legal"))
    assert slug(await platform.http.get(f"/v1/applications/{application}")) == "no-such-application"


async def test_the_facade_without_a_file_knows_the_built_in_policies(platform: Platform, application: str) -> None:
    await platform.applications.open(opening(application, policy="patient"))
    with pytest.raises(Invalid) as refused:
        await platform.applications.record(application, Word(facts=(DetailsChanged(policy="legal"),), by="platform"))
    assert [fault.path for fault in refused.value.faults] == [("policy",)]


async def test_a_changed_file_reaches_new_openings_and_no_open_application(platform: Platform, application: str) -> None:
    """Neither as a new version nor, after a restart, as other numbers of the same one; the difference can be seen."""
    before = (await platform.http.post("/v1/applications", json=awake(application, policy="patient"))).json()
    platform.file.write_text(FILE.replace("version = 3", "version = 4").replace("first = 9", "first = 8"))
    again = await platform.http.post("/v1/applications", json=awake(application, policy="patient"))
    assert (again.status_code, again.json()["policy"]) == (200, {"name": "patient", "version": 3})
    other = await platform.http.post("/v1/applications", json=awake(f"{application}-2", policy="patient"))
    assert other.json()["policy"] == {"name": "patient", "version": 4}
    now = (await platform.http.get(f"/v1/applications/{application}")).json()
    assert now["agenda"] == before["agenda"]
    pinned = (await platform.http.get(f"/v1/applications/{application}/policy")).json()
    assert (pinned["version"], pinned["in_force"], pinned["numbers"]["first"]["value"]) == (3, False, 9)
    assert pinned["numbers"]["first"]["source"] is None
    newer = (await platform.http.get(f"/v1/applications/{application}-2/policy")).json()
    assert newer == (await platform.http.get("/v1/policies/patient")).json()


async def test_every_policy_is_listed_with_value_unit_and_source(platform: Platform) -> None:
    told = (await platform.http.get("/v1/policies")).json()
    assert ([one["name"] for one in told["policies"]], told["mistakes"]) == (["industry", "patient", "university"], [])
    patient = told["policies"][1]
    assert (patient["version"], patient["extends"], patient["in_force"]) == (3, "industry", True)
    assert patient["numbers"]["first"] == {
        "value": 9,
        "unit": "business days",
        "meaning": "Business days of silence until the follow-up.",
        "source": "our survey of 2029",
    }
    assert all(number["source"] and number["unit"] for one in told["policies"] for number in one["numbers"].values())
    assert (await platform.http.get("/v1/policies/patient")).json() == patient
    assert slug(await platform.http.get("/v1/policies/legal")) == "no-such-policy"


async def test_a_file_that_has_become_wrong_says_so_and_changes_nothing(platform: Platform) -> None:
    before = (await platform.http.get("/v1/policies")).json()
    platform.file.write_text(FILE.replace("first = 9", "first = -9"))
    now = (await platform.http.get("/v1/policies")).json()
    assert now["policies"] == before["policies"]
    assert now["mistakes"][0].startswith("[patient] first is a whole number of business days from 5 to 30: ")
