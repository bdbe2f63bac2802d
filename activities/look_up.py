"""The look-up of holidays as an activity, for a run that was opened without its calendar."""

from __future__ import annotations

import asyncio

from temporalio import activity

from activities.holidays import calendar_days
from workflows import names
from workflows.facts import Calendar


@activity.defn(name=names.LOOK_UP_HOLIDAYS)
async def look_up_holidays(request: names.HolidayRequest) -> Calendar:
    """The days that do not count, for the fact `calendar`. Reads only the library's own tables: repeating it is harmless."""
    # the first look-up of a country loads its module and may take half a second, which must not hold up the sends beside it
    return await asyncio.to_thread(calendar_days, request.country, request.subdivision, request.first, request.last)
