"""A mail server that refuses the recipient: shown, and what is still useful is sent to the address that the candidate has next."""

from __future__ import annotations

from datetime import timedelta

from tests.server import eventually
from tests.shell.world import World, noted
from workflows.person.facts import ProfileChange

OFFER = {"type": "offer_received", "in_writing": False}


async def moved(world: World, name: str, email: str = "ada@new.example.org") -> None:
    """The platform says the candidate's new address."""
    await world.applications.candidates.change(f"cand-{name}", ProfileChange(email=email))


async def attention(world: World, name: str, wanted: str | None) -> None:
    """Until the operator is shown that."""

    async def shown() -> bool:
        return (await world.attributes(name)).get("Attention") == wanted

    await eventually(shown)


async def test_what_a_server_refused_for_good_arrives_at_the_next_address(world: World) -> None:
    """Once, and nobody needs to look any more."""
    world.post.rcpt = "550 no such user"
    name = await world.opened(OFFER, awake=True)
    await world.until(name, lambda v: noted(v, "offer-thanks") == [("undeliverable", "offer-thanks/1")])
    await attention(world, name, "undeliverable")
    world.post.rcpt = ""
    await moved(world, name)
    await world.until(name, lambda v: noted(v, "offer-thanks")[-1] == ("prompted", "offer-thanks/1"))
    assert (world.mails(name), world.post.recipients) == (["offer-thanks/1"], ["ada@new.example.org"])
    await attention(world, name, None)


async def test_at_the_same_address_nothing_is_tried_twice(world: World) -> None:
    """Other words about the candidate are no new address."""
    world.post.rcpt = "550 no such user"
    name = await world.opened(OFFER, awake=True)
    await world.until(name, lambda v: bool(noted(v, "offer-thanks")))
    world.post.rcpt = ""
    await world.applications.candidates.change(f"cand-{name}", ProfileChange(name="Ada King"))
    await world.until(name, lambda v: v["candidate"]["name"] == "Ada King")
    await world.advance(name, timedelta(hours=3))
    assert world.mails(name) == []
    assert noted(await world.view(name), "offer-thanks") == [("undeliverable", "offer-thanks/1")]


async def test_a_mail_that_comes_back_later_is_sent_to_the_next_address(world: World) -> None:
    """The server took it; days later the platform hears that it did not arrive."""
    name = await world.opened(OFFER, awake=True)
    await world.until(name, lambda v: noted(v, "offer-thanks") == [("prompted", "offer-thanks/1")])
    await world.advance(name, timedelta(days=1))
    await world.say(name, {"type": "bounced", "intent": "offer-thanks/1", "permanent": True})
    await attention(world, name, "undeliverable")
    await moved(world, name)
    await world.until(name, lambda v: [kind for kind, _ in noted(v, "offer-thanks")] == ["prompted", "prompted"])
    assert world.post.recipients == ["ada@example.org", "ada@new.example.org"]
    first, second = world.post.taken
    assert (first["X-Afterword-Intent"], second["X-Afterword-Intent"]) == ("offer-thanks/1", "offer-thanks/1")


async def test_a_thank_you_that_nobody_got_in_time_is_not_sent_to_the_next_address(world: World) -> None:
    """It helps nobody any more; what comes next in the guide does."""
    world.post.rcpt = "550 no such user"
    name = await world.opened(awake=True)
    await world.advance(name, timedelta(hours=60))
    world.post.rcpt = ""
    await moved(world, name)
    view = await world.until(name, lambda v: v["candidate"]["email"] == "ada@new.example.org")
    await world.nothing_in_flight(name)
    assert not [intent for intent in world.mails(name) if intent.startswith("thank-you")]
    assert {kind for kind, _ in noted(view, "thank-you")} >= {"undeliverable"}
