"""One entrance, many speakers: nothing is lost, nothing counts twice, and nothing that is said can poison a run."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from client.connection import DATA_CONVERTER
from client.embedded import DYNAMIC
from client.refusals import Refused
from client.search_attributes import register
from tests.activities.servers import Post, mail_server
from tests.shell.world import World, new_id, running
from workflows import names
from workflows.facts import Linked, Word


def types(view: dict[str, Any]) -> list[str]:
    return [f["type"] for f in view["facts"]]


async def test_an_opening_and_a_boards_words_at_once_are_one_run_with_all_facts(world: World) -> None:
    name = new_id()
    opening = world.opening(name=name)
    words = [world.hear(name, {"type": "hiring_step", "step": "debrief", "id": f"b{n}"}) for n in range(20)]
    await asyncio.gather(*words[:10], *(world.applications.open(opening) for _ in range(10)), *words[10:])
    view = await world.until(name, lambda v: types(v).count("hiring_step") == 20)
    assert types(view).count("opened") == 1
    assert len(view["facts"]) == len({f["id"] for f in view["facts"]})


async def test_the_same_word_ten_times_at_once_has_one_effect(world: World) -> None:
    name = await world.opened()
    said = {"type": "employer_replied", "id": "reply-1", "respond_by": "2030-01-04"}
    await asyncio.gather(*(world.say(name, said) for _ in range(10)), *(world.hear(name, said, by="platform") for _ in range(10)))
    assert types(await world.view(name)).count("employer_replied") == 1


async def test_a_board_may_speak_first_and_nobody_is_prompted_until_it_is_opened(world: World) -> None:
    name = new_id()
    await world.hear(name, {"type": "offer_received", "in_writing": False, "id": "o"})
    view = await world.until(name, lambda v: bool(v["facts"]))
    assert (view["stage"], view["agenda"]) == ("unclaimed", [])
    await world.advance(name, timedelta(days=3))
    assert world.mails(name) == []
    await world.applications.open(world.opening(name=name, awake=True))
    view = await world.until(name, lambda v: "prompted" in types(v))
    await world.nothing_in_flight(name)
    assert (view["stage"], "offer-thanks/1" in world.mails(name)) == ("deciding", True)


async def test_an_unclaimed_application_expires_after_thirty_days_and_late_word_finds_its_facts(world: World) -> None:
    name = new_id()
    await world.hear(name, {"type": "hiring_step", "step": "debrief", "id": "b"})
    await world.until(name, lambda v: bool(v["facts"]))
    assert await world.advance(name, timedelta(days=40)) == "ended"
    await world.applications.open(world.opening(name=name))
    assert types(await world.view(name))[:3] == ["hiring_step", "expired", "opened"]


async def test_a_run_under_a_boards_id_hands_over_what_it_knows_and_passes_on_what_it_hears(world: World) -> None:
    ref, own = f"acme.{new_id()}", new_id()
    await world.hear(ref, {"type": "employer_replied", "id": "before"})
    await world.applications.open(world.opening(name=own, refs=[ref]))
    await world.until(own, lambda v: "before" in {f["id"] for f in v["facts"]})
    await world.hear(ref, {"type": "hiring_step", "step": "approval", "id": "after"})
    view = await world.until(own, lambda v: "after" in {f["id"] for f in v["facts"]})
    assert {f["by"] for f in view["facts"] if f["id"] in ("before", "after")} == {"board:acme"}
    assert (await world.view(ref))["stage"] == "unclaimed"


async def test_a_run_that_a_board_opened_falls_silent_when_the_platform_names_it_and_nothing_is_prompted_twice(world: World) -> None:
    ref, own = f"acme.{new_id()}", new_id()
    await world.applications.open(world.opening({"type": "offer_received", "in_writing": False, "id": "o"}, name=ref, awake=True))
    await world.until(ref, lambda v: "prompted" in types(v))
    scheduled = {"type": "interview_scheduled", "interview": "far", "starts_at": "2031-01-07T10:00Z", "ends_at": "2031-01-07T11:00Z"}
    await world.applications.open(world.opening(scheduled, name=own, awake=True, refs=[ref]))
    view = await world.until(own, lambda v: "prompted" in types(v))
    assert (types(view).count("opened"), view["stage"]) == (1, "deciding")
    assert (await world.view(ref))["agenda"] == []
    await world.advance(own, timedelta(hours=3))
    assert (world.mails(ref), world.mails(own)) == (["offer-thanks/1"], [])


async def test_links_that_point_at_each_other_come_to_rest(world: World) -> None:
    one, other = new_id(), new_id()
    for name, to in ((one, other), (other, one)):
        await world.applications.heard(name, Word(facts=(Linked(id="l", by="process", to=to),), by="process"))
    await world.hear(one, {"type": "employer_replied", "id": "x"})
    await world.until(other, lambda v: "x" in {f["id"] for f in v["facts"]})
    await world.nothing_in_flight(one)
    assert types(await world.view(one)).count("employer_replied") == 1


GARBAGE: list[tuple[Any, ...]] = [
    ("nonsense",),
    ({},),
    ({"facts": [{"type": "no_such_fact"}]},),
    ({"facts": [{"type": "interview_held"}], "by": "platform"}, {"second": "argument"}),
    (None, 7, [["deep"]]),
    ({"facts": [{"type": "thank_you_sent", "interview": "x", "at": "not a time"}]},),
    (),
]


@pytest.mark.parametrize("said", GARBAGE, ids=repr)
async def test_a_signal_of_any_shape_is_kept_whole_and_poisons_nothing(world: World, said: tuple[Any, ...]) -> None:
    name = await world.opened()
    await world.handle(name).signal(names.HEARD, args=list(said))
    view = await world.until(name, lambda v: types(v).count("unread") == len(said))
    assert [f.get("raw") for f in view["facts"] if f["type"] == "unread"] == list(said)
    assert "follow_up_sent" in types(await world.say(name, {"type": "follow_up_sent"}))


async def test_a_refused_word_leaves_no_trace_in_the_history(world: World) -> None:
    name = await world.opened()
    await world.say(name, {"type": "follow_up_sent", "id": "f1"})
    before = len((await world.handle(name).fetch_history()).events)
    with pytest.raises(Refused) as refused:
        await world.say(name, {"type": "follow_up_sent", "id": "f2"})
    assert refused.value.slug == "follow-up-already-sent"
    assert len((await world.handle(name).fetch_history()).events) == before
    with pytest.raises(Refused):
        await world.say(name, {"type": "hiring_step", "step": "debrief", "id": "good"}, {"type": "offer_declined", "id": "bad"})
    assert "good" not in {f["id"] for f in (await world.view(name))["facts"]}


async def test_what_operators_see_names_nobody(world: World) -> None:
    """Ids, search attributes and summaries hold no name, address or employer."""
    name = await world.opened()
    described = await world.handle(name).describe()
    seen = f"{described.id} {await world.attributes(name)} {await described.static_summary()} {await described.static_details()}"
    assert not any(secret in seen for secret in ("Ada", "Byron", "ada@", "Analytical", "Grace", "Engineer"))
    attributes = await world.attributes(name)
    assert (attributes["Stage"], attributes["CandidateId"], attributes["NextStep"]) == ("thanking", f"cand-{name}", "thank-you")
    assert attributes["NextDueAt"] > world.begun


async def test_a_long_story_goes_on_in_a_new_run_and_loses_nothing() -> None:
    """The history's length makes the run continue as new; ids, clock and agenda are carried."""
    dynamic = {**DYNAMIC, "limit.historyCount.suggestContinueAsNew": "60"}
    extra = [word for key, value in dynamic.items() for word in ("--dynamic-config-value", f"{key}={value}")]
    temporal = str(Path(sys.executable).parent / "temporal")
    async with (
        await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType] -- the SDK's own type is open
            data_converter=DATA_CONVERTER, dev_server_existing_path=temporal, dev_server_extra_args=extra, dev_server_log_level="error"
        ) as environment,
        mail_server(Post()) as post,
    ):
        await register(environment.client)
        async with running(environment.client, post) as world:
            name = await world.opened()
            for n in range(40):
                await world.say(name, {"type": "hiring_step", "step": "debrief", "id": f"d{n}"})
            await world.say(name, {"type": "hiring_step", "step": "debrief", "id": "d3"})
            info = (await world.handle(name).describe()).raw_description.workflow_execution_info
            assert info.first_run_id != info.execution.run_id
            view = await world.view(name)
            assert [f["id"] for f in view["facts"] if f["type"] == "hiring_step"] == [f"d{n}" for n in range(40)]
            assert await world.advance(name, timedelta(days=200)) == "ended"
            assert [m.split("/")[0] for m in world.mails(name)] == EVERY_MAIL


EVERY_MAIL = ["thank-you", "thank-you-nudge", "waiting", "follow-up", "follow-up-last-call", "ghosted"]
