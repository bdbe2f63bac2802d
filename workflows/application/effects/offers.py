"""Offers: made, changed, answered, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from workflows import facts as said
from workflows.application.effects.employer import speak
from workflows.application.effects.endings import close
from workflows.application.offers import Offer
from workflows.application.outcome import Outcome
from workflows.application.story import Story

IMPLIED_IS_SAID: Final = 3
"""From this version of the rules on an offer that is only known by its acceptance is a word and spends a promised date, as every offer."""


def offer_named(story: Story, name: str | None) -> Offer | None:
    """The open offer of that id; without an id, or while only a nameless one is open, the latest open one."""
    ours = story.open_offers
    named = [o for o in ours if o.id == name]
    return named[-1] if named and name else next((o for o in reversed(ours) if name is None or o.id is None), None)


def offered(story: Story, fact: said.OfferReceived, at: datetime, place: int) -> None:
    speak(story, fact, at, place)
    story.promise = None
    offer = offer_named(story, fact.offer)
    if offer is None:
        offer = Offer(len(story.offers) + 1, fact.offer, at)
        story.offers.append(offer)
    offer.update(fact, at)


def accepted(story: Story, fact: said.OfferAccepted, at: datetime, place: int) -> None:
    offer = offer_named(story, fact.offer) or next(
        (o for o in reversed(story.offers) if o.fate == "lapsed" and fact.offer in (None, o.id)), None
    )
    if offer is None and fact.offer and story.open_offers and not (fact.by or "").startswith("board:"):
        story.object_to(fact, "no-offer", f"No offer {fact.offer!r} is open.")
        return
    if offer is None:
        offer = Offer(len(story.offers) + 1, fact.offer, at)
        story.offers.append(offer)
        if story.opened and story.opened.rules >= IMPLIED_IS_SAID:
            speak(story, fact, at, place)
            story.promise = None
    offer.end("accepted", at)
    close(story, Outcome("accepted", at, 0, offer=offer.number))


def offer_to_decline(story: Story, fact: said.OfferDeclined) -> Offer | None:
    return offer_named(story, fact.offer) or next(
        (o for o in reversed(story.offers) if o.fate == "accepted" and (fact.offer is None or o.id in (fact.offer, None))), None
    )


def declined(story: Story, fact: said.OfferDeclined, at: datetime, place: int) -> None:
    offer = offer_to_decline(story, fact)
    if offer is None:
        story.object_to(fact, "no-offer", "No offer was open then.")
        return
    offer.end("declined", at)
    if not story.open_offers:
        close(story, Outcome("declined", at, 0, offer=offer.number))


def offer_to_withdraw(story: Story, fact: said.OfferWithdrawn) -> Offer | None:
    return offer_named(story, fact.offer) or next(
        (o for o in reversed(story.offers) if o.fate in ("accepted", "lapsed") and (fact.offer is None or o.id in (fact.offer, None))), None
    )


def offer_withdrawn(story: Story, fact: said.OfferWithdrawn, at: datetime, place: int) -> None:
    offer = offer_to_withdraw(story, fact)
    if offer is None:
        story.object_to(fact, "no-offer", "No offer was open then.")
        return
    speak(story, fact, at, place)
    offer.end("withdrawn", at)
    if not story.open_offers:
        close(story, Outcome("rejected", at, 0, rejected_by="offer-withdrawn", offer=offer.number))


def offer_lapsed(story: Story, fact: said.OfferLapsed, at: datetime, place: int) -> None:
    offer = next((o for o in story.open_offers if o.number == fact.number), None)
    lapses = offer and offer.lapses_at(story.employer_clock, story.policy)
    if offer and lapses and at >= lapses:
        offer.end("lapsed", at)
        if not story.open_offers:
            close(story, Outcome("lapsed", at, 0, offer=offer.number))
