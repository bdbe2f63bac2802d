"""The plain reason for a date in the candidate's language: the core says it as a sentence, the catalogue has its text."""

from __future__ import annotations

from activities.letters.dates import place, written_day, written_time
from activities.letters.languages import ENGLISH, Words, words
from activities.letters.pages import plain
from workflows.calendar import zone
from workflows.names import CandidateNotice, Notice
from workflows.sentences import Clock, Day, Listed, Moment, Place, Sentence, Value


def reason_of(notice: Notice | CandidateNotice) -> str:
    """One line. In English where that is the candidate's language, and where the notice knows the reason in no other way."""
    spoken = words(notice.language)
    return plain(notice.why if notice.reason is None or spoken.language == ENGLISH else in_words(notice.reason, spoken))


def in_words(said: Value, spoken: Words) -> str:
    """A sentence, and what stands in it, as that language writes it. Names stay as they are."""
    _ = spoken.gettext
    match said:
        case Sentence(text, values, many):
            known = {name: in_words(value, spoken) for name, value in values.items() if name != "n"}
            match values.get("n"):
                case int() as n if many is not None:
                    return spoken.ngettext(text, many, n, **known)
                case int() as n:
                    return _(text, n=n, **known)
                case _:
                    return _(text, **known)
        case Moment(moment, key, named):
            local = moment.astimezone(zone(key))
            written = {"day": written_day(local, _("EEE d MMM"), spoken), "time": written_time(local, spoken)}
            return _("{day} {time} {place}", **written, place=place(zone(key), spoken)) if named else _("{day} {time}", **written)
        case Day(day):
            return written_day(day, _("EEE d MMM"), spoken)
        case Clock(clock):
            return written_time(clock, spoken)
        case Place(key):
            return place(zone(key), spoken)
        case Listed(several):
            return ", ".join(in_words(each, spoken) for each in several)
        case _:
            return str(said)
