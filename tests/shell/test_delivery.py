"""Perform = re-check, send, note: every delivery ends in a fact, no letter leaves twice, what came in meanwhile wins."""

from __future__ import annotations

from datetime import timedelta

from client.embedded import Stack
from tests.activities.servers import Post, mail_server
from tests.server import eventually
from tests.shell.world import World, new_id, noted, running

OFFER = {"type": "offer_received", "in_writing": False}
NO = {"type": "rejected", "id": "no"}


async def at_the_door(world: World, phase: str) -> str:
    """An application whose letter about an offer is at that phase of its hand-over."""
    world.post.silent = phase
    name = await world.opened(OFFER, awake=True)

    async def reached() -> bool:
        return world.post.reached.is_set()

    await eventually(reached)
    return name


async def settled(world: World, name: str) -> list[tuple[str, str]]:
    """What was noted for the letter, once something is."""
    return noted(await world.until(name, lambda v: bool(noted(v, "offer-thanks"))), "offer-thanks")


async def test_a_word_before_the_data_stops_the_letter(world: World) -> None:
    """The letter is at the mail server's door when the employer says no: nothing leaves, and it is noted as not needed."""
    name = await at_the_door(world, "rcpt")
    view = await world.say(name, NO)
    assert await settled(world, name) == [("skipped", "offer-thanks/1 no longer needed")]
    world.post.go_on.set()
    assert (world.mails(name), view["outcome"]) == ([], "rejected")


async def test_a_word_after_the_data_began_does_not_make_a_letter_that_left_a_skipped_one(world: World) -> None:
    name = await at_the_door(world, "message")
    await world.say(name, NO)
    world.post.go_on.set()
    assert await settled(world, name) == [("prompted", "offer-thanks/1")]
    assert world.mails(name) == ["offer-thanks/1"]


async def test_a_letter_whose_words_changed_at_the_door_leaves_once_in_its_new_words(world: World) -> None:
    name = await at_the_door(world, "rcpt")
    world.post.silent = ""
    await world.say(name, {"type": "details_changed", "position": "Principal Engineer"})
    assert await settled(world, name) == [("prompted", "offer-thanks/1")]
    assert world.mails(name) == ["offer-thanks/1"]
    assert "Principal Engineer" in world.post.raw[0].decode()


async def test_a_pause_at_the_door_holds_the_letter_until_it_ends(world: World) -> None:
    name = await at_the_door(world, "rcpt")
    world.post.silent = ""
    await world.say(name, {"type": "paused"})
    await world.nothing_in_flight(name)
    world.post.go_on.set()
    await world.advance(name, timedelta(hours=1))
    assert world.mails(name) == []
    await world.say(name, {"type": "resumed"})
    assert await settled(world, name) == [("prompted", "offer-thanks/1")]


async def test_facts_are_heard_while_mail_is_down_and_the_letter_leaves_once_it_is_over(world: World) -> None:
    world.post.rcpt = "450 try later"
    name = await world.opened(OFFER, awake=True)
    view = await world.say(name, {"type": "hiring_step", "step": "debrief"})
    assert view["facts"][-1]["type"] == "hiring_step"
    world.post.rcpt = ""
    await world.advance(name, timedelta(hours=3))
    assert world.mails(name) == ["offer-thanks/1"]


async def test_an_address_refused_for_good_is_noted_and_shown_to_the_operator(world: World) -> None:
    world.post.rcpt = "550 no such user"
    name = await world.opened(OFFER, awake=True)
    assert await settled(world, name) == [("undeliverable", "offer-thanks/1")]

    async def shown() -> bool:
        return (await world.attributes(name)).get("Attention") == "undeliverable"

    assert await eventually(shown)


async def test_a_server_that_dies_after_the_data_leaves_it_uncertain_and_nothing_is_repeated(world: World) -> None:
    world.post.dies = "message"
    name = await world.opened(OFFER, awake=True)
    assert await settled(world, name) == [("prompted", "offer-thanks/1")]
    note = next(f for f in (await world.view(name))["facts"] if f["type"] == "prompted")
    assert note["uncertain"] is True
    world.post.dies = ""
    await world.advance(name, timedelta(days=1))
    assert world.mails(name) == []
    assert (await world.attributes(name))["Attention"] == "uncertain"


async def test_mail_that_is_down_until_it_is_too_late_is_noted_as_that(world: World) -> None:
    world.post.rcpt = "450 try later"
    name = await world.opened()
    await world.advance(name, timedelta(hours=50))
    view = await world.view(name)
    assert world.mails(name) == []
    assert {kind for kind, _ in (*noted(view, "thank-you"), *noted(view, "thank-you-nudge"))} == {"skipped"}
    assert [f["type"] for f in view["facts"]].count("thank_you_lapsed") == 1


async def test_a_worker_that_ends_during_the_hand_over_leaves_no_second_letter(server: Stack) -> None:
    """Its letter is finished or uncertain, never repeated by the next worker."""
    name = new_id()
    async with mail_server(Post(silent="message")) as post:
        async with running(server.client, post) as world:
            await world.opened(OFFER, awake=True, name=name)
            await eventually(_reached(post))
        post.silent = ""
        async with running(server.client, post) as world:
            assert [kind for kind, _ in await settled(world, name)] == ["prompted"]
            await world.advance(name, timedelta(hours=2))
            assert len(world.mails(name)) <= 1


def _reached(post: Post):  # noqa: ANN202 -- a look
    async def look() -> bool:
        return post.reached.is_set()

    return look
