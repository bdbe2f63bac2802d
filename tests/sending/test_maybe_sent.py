"""A letter whose fate is unknown: shown as perhaps sent, and never sent again by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.running import slug
from tests.sending.approvals import THANKS, approval, ended, letter_of, talked
from tests.sending.post_office import PostOffice
from tests.server import eventually

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("mood", ["is lost after the data", "takes it, and is lost before it says so", "is lost amid the data"])
async def test_a_mail_server_that_dies_with_the_letter_leaves_it_maybe_sent_and_it_is_not_repeated(
    api: httpx.AsyncClient, office: PostOffice, application: str, mood: str
) -> None:
    """Not in a day, not though the server is well again; and asked to, we say why not."""
    office.mood = mood
    assert (await api.post("/v1/applications", json=talked(application))).is_success
    answer = await api.post(f"/v1/applications/{application}/facts", json=approval())
    assert answer.status_code == 200, answer.text
    (end,) = await ended(api, application)
    assert (end["type"], end["letter"], end["uncertain"]) == ("letter_delivered", THANKS, True)
    shown = await letter_of(api, application)
    assert (shown["status"], shown["subject"]) == ("uncertain", "Thank you")

    office.mood = "takes it"
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    async def is_there() -> bool:
        return (await api.post(f"/v1/applications/{application}/advance", json={"to": later})).status_code == 200

    await eventually(is_there, timedelta(seconds=60))
    again = await api.post(f"/v1/applications/{application}/facts", json=approval(id="approval-2"))
    assert (again.status_code, slug(again)) == (409, "letter-already-sent")
    assert "may have been sent" in again.json()["detail"]
    assert office.tried[f"{application}@example.com"] == 1
    assert (await letter_of(api, application))["status"] == "uncertain"


async def test_a_letter_that_is_taken_is_delivered_and_one_refused_for_good_may_be_approved_again(
    api: httpx.AsyncClient, office: PostOffice, application: str
) -> None:
    """What did not leave counts as never approved."""
    office.mood = "knows no such person"
    assert (await api.post("/v1/applications", json=talked(application))).is_success
    assert (await api.post(f"/v1/applications/{application}/facts", json=approval())).status_code == 200
    (end,) = await ended(api, application)
    assert end["type"] == "letter_undeliverable"
    assert (await letter_of(api, application))["status"] == "undeliverable"

    office.mood = "takes it"
    again = await api.post(f"/v1/applications/{application}/facts", json=approval(id="approval-2"))
    assert again.status_code == 200, again.text

    async def left() -> bool:
        return (await letter_of(api, application))["status"] == "delivered"

    await eventually(left)
    (taken,) = office.letters_to(f"{application}@example.com")
    assert taken["X-Afterword-Application"] == application
    assert taken["To"] == f"Grace Hopper <{application}@example.com>"
    assert taken["From"].startswith("Ada Byron via Afterword <")
    assert taken["Reply-To"] == "Ada Byron <ada@example.org>"
