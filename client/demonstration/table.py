"""What must come of each story: written by hand from the rules of the process and a calendar, never from a run of the program.

Every time is the candidate's, in 2030. A line of `sent` is one message: when it leaves, every intent that it stands for (the first names
it), and the days that did not count on the way to it. `-` stands for a time before the clock is moved to 2030.

    2030: 1 March is a Friday. Clocks change on 10 March (New York, Los Angeles), 31 March (London, Berlin, Paris), 7 April (Sydney, back).
    Days off: Good Friday 19 April and Easter Monday 22 April (DE-BE, GB-ENG; not US-NY, not JP), 29 April Showa Day, 3 May Constitution
    Day and 6 May for Children's Day on a Sunday (JP), 1 May (DE-BE), 27 May Memorial Day (US-NY).

A business day counts from 17:00 employer time. Waking hours are 08:00 to 21:00, so what falls on 21:00 comes at 08:00 the next day.
"""

from __future__ import annotations

from typing import Final

from client.demonstration.comparison import Expected

TABLE: Final = {
    # London, and New York (US-NY): five hours apart, four from 10 to 31 March. The interview ends on Tue 5 Mar at 16:00.
    "ghosted": Expected(
        zone="Europe/London",
        came_in=(
            "-                opened",
            "-                interview_scheduled",
            "Tue 5 Mar 20:00  thank_you_sent",
            "Wed 6 Mar 11:00  thank_you_sent",
            "Fri 15 Mar 14:00 follow_up_sent",
        ),
        noted=(
            "Tue 5 Mar 16:00  interview_held",  # assumed 30 minutes later; its own time is its end
            "Sat 23 Mar 08:00 ghosted",
        ),
        sent=(
            "Tue 5 Mar 18:00  thank-you/panel",  # 16:00 + 2 h
            "Wed 6 Mar 10:00  thank-you-nudge/panel",  # 16:00 + 18 h: Katherine is unthanked
            "Thu 7 Mar 08:00  waiting/1",  # the next start of waking hours after the last thank-you, Wed 6 Mar 11:00
            # 7 business days after Tue 5 Mar: 6 7 8, 11 12 13 14. Thu 14 Mar 17:00 New York is 21:00 in London, four hours apart by now.
            "Fri 15 Mar 08:00 follow-up/1",
            # Sent on Fri 15 Mar, later than Thu 14 Mar; 5 business days after it: 18 19 20 21 22. Fri 22 Mar 17:00 there is 21:00 here.
            "Sat 23 Mar 08:00 ghosted/1",
        ),
        ahead={"once the follow-up is sent": ("Sat 23 Mar 08:00 ghosted/1",)},
        messages=5,
        words=5,
        stage="closed",
        outcome="ghosted",
        round=1,
    ),
    # Berlin, both (DE-BE). The interview ends on Mon 8 Apr at 11:30; an answer is promised by Thu 18 Apr.
    "timeline": Expected(
        zone="Europe/Berlin",
        came_in=(
            "-                opened",
            "-                interview_scheduled",
            "Mon 8 Apr 13:00  timeline_stated",
            "Mon 8 Apr 15:00  thank_you_sent",
            "Mon 29 Apr 10:00 follow_up_sent",
            "Thu 2 May 18:00  withdrawn",
        ),
        noted=("Mon 8 Apr 11:30  interview_held",),
        sent=(
            "Mon 8 Apr 13:30  thank-you/talk",
            "Tue 9 Apr 08:00  waiting/1",
            # 1 business day after Thu 18 Apr: 23, since 19 and 22 do not count.
            "Tue 23 Apr 17:00 follow-up/1 not counting 19 Apr, 22 Apr",
            # 1 + 3: 23 24 25 26.
            "Fri 26 Apr 17:00 follow-up-last-call/1 not counting 19 Apr, 22 Apr",
            "Thu 2 May 18:00  farewell/1",  # at withdrawal
        ),
        ahead={
            "once the date is promised": (
                "Mon 8 Apr 13:30  thank-you/talk",
                "Tue 9 Apr 08:00  thank-you-nudge/talk",  # 11:30 + 18 h is 05:30; 08:00 is not later than + 23 h, 10:30
                "Wed 10 Apr 11:30 thank-you-lapsed/talk",  # + 48 h
                "Thu 11 Apr 08:00 waiting/1",  # nobody thanked: after the lapse
                "Tue 23 Apr 17:00 follow-up/1 not counting 19 Apr, 22 Apr",
                "Fri 26 Apr 17:00 follow-up-last-call/1 not counting 19 Apr, 22 Apr",
                # 1 + 3 + 5: 23 24 25 26, 29 30, 2 3 May, 6.
                "Mon 6 May 17:00  ghosted/1 not counting 19 Apr, 22 Apr, 1 May",
            ),
            # Sent on Mon 29 Apr, later than Tue 23 Apr; 5 business days after it: 30, 2 3 May, 6 7.
            "once the follow-up is sent": ("Tue 7 May 17:00 ghosted/1 not counting 1 May",),
        },
        messages=5,
        words=6,
        stage="closed",
        outcome="withdrawn",
        round=1,
    ),
    # New York, both (US-NY), and everything but the thank-yous and the candidate's answer is said by the board's webhooks.
    "accepted": Expected(
        zone="America/New_York",
        came_in=(
            "-                opened",
            "-                interview_scheduled",
            "Thu 2 May 15:00  interview_held",  # said by the board at 15:10, of 15:00
            "Thu 2 May 19:00  thank_you_sent",
            "Tue 7 May 10:00  next_round_invited",
            "Wed 8 May 11:00  interview_scheduled",
            "Wed 8 May 11:00  interview_scheduled",
            "Tue 14 May 16:00 thank_you_sent",
            "Wed 15 May 09:00 thank_you_sent",
            "Fri 17 May 15:00 hiring_step",
            "Thu 23 May 11:00 offer_received",
            "Tue 28 May 10:00 offer_accepted",
            "Tue 28 May 12:00 offer_accepted",  # the board's word of the same: changes nothing
        ),
        noted=(
            "Tue 14 May 10:30 interview_held",
            "Tue 14 May 12:00 interview_held",
        ),
        sent=(
            "Thu 2 May 17:00  thank-you/screen",
            "Fri 3 May 08:00  waiting/1",
            "Tue 7 May 10:00  next-round/2",  # now; no `waiting`, since the invitation promised no date
            "Tue 14 May 14:00 thank-you/case + thank-you/board",  # two talks of one day: 12:00 + 2 h
            "Wed 15 May 08:00 thank-you-nudge/case + thank-you-nudge/board",  # 12:00 + 18 h is 06:00
            "Thu 16 May 08:00 waiting/3",  # silences: after the talk, after the invitation, after the second day
            "Fri 17 May 15:00 references/4",  # now: the fourth silence begins with this word
            "Thu 23 May 11:00 offer-thanks/1 + offer-review/1",  # in writing at once: one message
            # No deadline: 2 business days after Thu 23 May are 24 28, so Tue 28 May 17:00; 24 h before that.
            "Mon 27 May 17:00 offer-decide/1 not counting 27 May",
            "Tue 28 May 10:00 close-others/1",  # at acceptance
        ),
        ahead={
            "once everybody is thanked": (
                "Thu 16 May 08:00 waiting/3",
                "Thu 23 May 17:00 follow-up/3",  # 7 after Tue 14 May: 15 16 17, 20 21 22 23
                "Wed 29 May 17:00 follow-up-last-call/3 not counting 27 May",  # 10: 24 28 29
                "Wed 5 Jun 17:00  ghosted/3 not counting 27 May",  # 15: 30 31, 3 4 5
            )
        },
        messages=10,
        words=13,
        stage="closed",
        outcome="accepted",
        round=2,
    ),
    # Kolkata, half an hour off, and London (GB-ENG): 4 h 30 apart in summer. The interview ends on Thu 4 Apr at 15:30 (11:00 London).
    "rejected": Expected(
        zone="Asia/Kolkata",
        came_in=(
            "-                interview_scheduled",
            "-                opened",
            "Thu 4 Apr 18:00  thank_you_sent",
            "Thu 11 Apr 21:00 rejected",
            "Mon 15 Apr 19:00 employer_replied",  # feedback: kept, changes nothing
        ),
        noted=("Thu 4 Apr 15:30  interview_held",),
        sent=(
            "Thu 4 Apr 17:30  thank-you/i1",
            "Fri 5 Apr 08:00  waiting/1",
            "Sat 13 Apr 08:00 rejection-reply/1",  # 21:00 + 24 h is Fri 12 Apr 21:00, when waking hours are over
        ),
        ahead={
            "once everybody is thanked": (
                "Fri 5 Apr 08:00  waiting/1",
                "Tue 16 Apr 08:00 follow-up/1",  # 7: 5, 8 9 10 11 12, 15. Mon 15 Apr 17:00 London is 21:30
                "Fri 19 Apr 08:00 follow-up-last-call/1",  # 10: 16 17 18. Good Friday is not a day off for the candidate's clock
                "Tue 30 Apr 08:00 ghosted/1 not counting 19 Apr, 22 Apr",  # 15: 23 24 25 26, 29
            ),
            "once rejected": ("Sat 13 Apr 08:00 rejection-reply/1",),
        },
        messages=3,
        words=5,
        stage="closed",
        outcome="rejected",
        round=1,
    ),
    # Los Angeles, and London (GB-ENG): 17:00 there is 10:00 here until 31 March (since only we have changed our clocks), then 09:00.
    "restarted": Expected(
        zone="America/Los_Angeles",
        came_in=(
            "-                opened",
            "-                interview_scheduled",
            "Wed 13 Mar 13:00 thank_you_sent",
            "Mon 18 Mar 04:00 employer_replied",  # 11:00 London
            "Thu 28 Mar 08:30 follow_up_sent",
            "Fri 29 Mar 05:00 employer_replied",  # 12:00 London: by Fri 12 Apr
            "Mon 15 Apr 11:00 follow_up_sent",
            "Tue 23 Apr 02:00 offer_received",  # 10:00 London: answer by Mon 29 Apr
            "Sun 28 Apr 20:00 offer_declined",
        ),
        noted=("Wed 13 Mar 10:00 interview_held",),
        sent=(
            "Wed 13 Mar 12:00 thank-you/editor",
            "Thu 14 Mar 08:00 waiting/1",
            # The reply of Mon 18 Mar begins the wait anew, without a message. 7 after it: 19 20 21 22, 25 26 27.
            "Wed 27 Mar 10:00 follow-up/2",
            "Fri 29 Mar 08:00 waiting/3",  # a new date is promised
            # 1 after Fri 12 Apr: 15.
            "Mon 15 Apr 09:00 follow-up/3",
            "Tue 23 Apr 08:00 offer-thanks/1 + offer-review/1",  # 02:00 is not in waking hours
            "Sun 28 Apr 09:00 offer-decide/1",  # Mon 29 Apr 17:00 London, less 24 h
            "Sun 28 Apr 20:00 farewell/1",
        ),
        ahead={
            "once everybody is thanked": (
                "Thu 14 Mar 08:00 waiting/1",
                "Fri 22 Mar 10:00 follow-up/1",  # 7 after Wed 13 Mar: 14 15, 18 19 20 21 22
                "Wed 27 Mar 10:00 follow-up-last-call/1",  # 10: 25 26 27
                "Wed 3 Apr 09:00  ghosted/1",  # 15: 28 29, 1 2 3 April
            ),
            "once they replied": (
                "Wed 27 Mar 10:00 follow-up/2",
                "Mon 1 Apr 09:00  follow-up-last-call/2",  # 10 after Mon 18 Mar: 28 29, 1 April
                "Mon 8 Apr 09:00  ghosted/2",  # 15: 2 3 4 5, 8
            ),
            # Sent on Mon 15 Apr, when it was due; 5 after it: 16 17 18, 23 24.
            "once the second follow-up is sent": ("Wed 24 Apr 09:00 ghosted/3 not counting 19 Apr, 22 Apr",),
        },
        messages=8,
        words=9,
        stage="closed",
        outcome="declined",
        round=1,
    ),
    # Sydney, and Tokyo (JP): two hours apart until Sydney's summer ends on 7 April, then one.
    "moved": Expected(
        zone="Australia/Sydney",
        came_in=(
            "-                interview_scheduled",  # for Tue 26 Mar: nothing is ever sent about that day
            "-                opened",
            "Fri 22 Mar 17:00 interview_rescheduled",  # to Thu 28 Mar, until 15:00 Tokyo, 17:00 here
            "Wed 3 Apr 13:00  interview_scheduled",  # a second one, for Fri 12 Apr, until 12:00 Tokyo, 13:00 here
            "Tue 9 Apr 11:00  interview_cancelled",  # 10:00 Tokyo
        ),
        noted=(
            "Thu 28 Mar 17:00 interview_held",
            "Sat 30 Mar 17:00 thank_you_lapsed",  # + 48 h: nobody was thanked
            "Wed 1 May 18:00  ghosted",
        ),
        sent=(
            "Thu 28 Mar 19:00 thank-you/i1",
            "Fri 29 Mar 11:00 thank-you-nudge/i1",  # + 18 h
            "Sun 31 Mar 08:00 waiting/1",  # after the lapse
            # A cancellation is a word: the wait begins anew on Tue 9 Apr. 7 after it: 10 11 12, 15 16 17 18.
            "Thu 18 Apr 18:00 follow-up/2",
            "Tue 23 Apr 18:00 follow-up-last-call/2",  # 10: 19, 22 23. Easter is no holiday in Japan
            "Wed 1 May 18:00  ghosted/2 not counting 29 Apr",  # 15, never sent: 24 25 26, 30, 1 May
        ),
        ahead={
            "once it is moved": (
                "Thu 28 Mar 19:00 thank-you/i1",
                "Fri 29 Mar 11:00 thank-you-nudge/i1",
                "Sat 30 Mar 17:00 thank-you-lapsed/i1",
                "Sun 31 Mar 08:00 waiting/1",
                "Mon 8 Apr 18:00  follow-up/1",  # 7 after Thu 28 Mar: 29, 1 2 3 4 5, 8
                "Thu 11 Apr 18:00 follow-up-last-call/1",  # 10: 9 10 11
                "Thu 18 Apr 18:00 ghosted/1",  # 15: 12, 15 16 17 18
            ),
            "once another is scheduled": (
                "Fri 12 Apr 15:00 thank-you/i2",
                "Sat 13 Apr 08:00 thank-you-nudge/i2",  # 13:00 + 18 h is 07:00
                "Sun 14 Apr 13:00 thank-you-lapsed/i2",
                "Mon 15 Apr 08:00 waiting/2",
                "Tue 23 Apr 18:00 follow-up/2",  # 7 after Fri 12 Apr: 15 16 17 18 19, 22 23
                "Fri 26 Apr 18:00 follow-up-last-call/2",  # 10: 24 25 26
                "Wed 8 May 18:00  ghosted/2 not counting 29 Apr, 3 May, 6 May",  # 15: 30, 1 2 May, 7 8
            ),
            "once that is cancelled": (
                "Thu 18 Apr 18:00 follow-up/2",
                "Tue 23 Apr 18:00 follow-up-last-call/2",
                "Wed 1 May 18:00  ghosted/2 not counting 29 Apr",
            ),
        },
        messages=6,
        words=5,
        stage="closed",
        outcome="ghosted",
        round=1,  # the interview of a second one was never held
    ),
    # New York, and Berlin (DE-BE): 17:00 there is 12:00 here from 10 to 31 March, else 11:00. The interview ends Tue 12 Mar 10:00.
    "away": Expected(
        zone="America/New_York",
        came_in=(
            "-                opened",
            "-                interview_scheduled",
            "Wed 13 Mar 12:00 thank_you_sent",
            "Fri 15 Mar 09:00 employer_away",  # 18 to 22 March
            "Thu 28 Mar 12:30 follow_up_sent",
            "Thu 28 Mar 12:35 employer_away",  # 29 March to 3 April: an automatic answer is no word
            "Mon 8 Apr 04:00  offer_received",  # 10:00 Berlin: answer by Mon 15 Apr
        ),
        noted=(
            "Tue 12 Mar 10:00 interview_held",
            "Wed 24 Apr 11:00 offer_lapsed",
        ),
        sent=(
            "Tue 12 Mar 12:00 thank-you/call",
            "Wed 13 Mar 08:00 thank-you-nudge/call",  # 10:00 + 18 h is 04:00; 08:00 is not later than + 23 h, 09:00
            "Thu 14 Mar 08:00 waiting/1",
            # 7 after Tue 12 Mar: 13 14 15, 25 26 27 28.
            "Thu 28 Mar 12:00 follow-up/1 not counting 18 Mar to 22 Mar",
            "Mon 8 Apr 08:00  offer-thanks/1 + offer-review/1",
            "Sun 14 Apr 11:00 offer-decide/1",  # Mon 15 Apr 17:00 Berlin, less 24 h
            "Mon 15 Apr 11:00 offer-overdue/1",
            "Wed 24 Apr 11:00 offer-lapsed/1 not counting 19 Apr, 22 Apr",  # 5 after Mon 15 Apr: 16 17 18, 23 24
        ),
        ahead={
            "once they are away": (
                "Thu 28 Mar 12:00 follow-up/1 not counting 18 Mar to 22 Mar",
                "Tue 2 Apr 11:00  follow-up-last-call/1 not counting 18 Mar to 22 Mar",  # 10: 29, 1 2 April
                "Tue 9 Apr 11:00  ghosted/1 not counting 18 Mar to 22 Mar",  # 15: 3 4 5, 8 9
            ),
            # 5 after Thu 28 Mar: 4 5, 8 9 10 April.
            "once they are away again": ("Wed 10 Apr 11:00 ghosted/1 not counting 29 Mar to 3 Apr",),
        },
        messages=8,
        words=7,
        stage="closed",
        outcome="lapsed",
        round=1,
    ),
    # Paris, and New York (US-NY): six hours apart, so that 17:00 there is 23:00 here. The interview ends on Wed 3 Apr at 17:00.
    "reopened": Expected(
        zone="Europe/Paris",
        came_in=(
            "-                opened",
            "-                interview_scheduled",
            "Wed 3 Apr 20:00  thank_you_sent",
            "Mon 15 Apr 15:00 follow_up_sent",
            "Wed 15 May 16:00 employer_replied",  # three weeks after the ghosting: by Fri 24 May
            "Wed 29 May 15:00 follow_up_sent",
            "Thu 30 May 16:00 offer_received",  # spoken
            "Fri 31 May 12:00 offer_accepted",
        ),
        noted=(
            "Wed 3 Apr 17:00  interview_held",
            "Tue 23 Apr 08:00 ghosted",
        ),
        sent=(
            "Wed 3 Apr 19:00  thank-you/panel",
            "Thu 4 Apr 08:00  waiting/1",
            "Sat 13 Apr 08:00 follow-up/1",  # 7 after Wed 3 Apr: 4 5, 8 9 10 11 12
            "Tue 23 Apr 08:00 ghosted/1",  # sent on Mon 15 Apr; 5 after it: 16 17 18 19, 22. Easter counts in New York
            "Thu 16 May 08:00 waiting/2",  # open again
            "Wed 29 May 08:00 follow-up/2 not counting 27 May",  # 1 after Fri 24 May: 28
            "Thu 30 May 16:00 offer-thanks/1",
            "Fri 31 May 12:00 close-others/1",
        ),
        ahead={
            "once the follow-up is sent": ("Tue 23 Apr 08:00 ghosted/1",),
            "once they replied after all": (
                "Thu 16 May 08:00 waiting/2",
                "Wed 29 May 08:00 follow-up/2 not counting 27 May",
                "Sat 1 Jun 08:00  follow-up-last-call/2 not counting 27 May",  # 1 + 3: 28 29 30 31
                "Sat 8 Jun 08:00  ghosted/2 not counting 27 May",  # 1 + 3 + 5: 3 4 5 6 7 June
            ),
        },
        messages=8,
        words=8,
        stage="closed",
        outcome="accepted",
        round=1,
    ),
}
