"""The words: the message to the candidate about a step, and the letters that the candidate may send.

What is said stands in `templates/`, one folder per language, for anyone to edit; what is known stands in `workflows.names.Notice`. Nothing
here decides what is due or when, reads a clock, or says more than the notice knows: what is missing is a visible blank.
"""

from activities.letters.drafts import Draft, drafts
from activities.letters.likeness import MOST_ALIKE, alike
from activities.letters.message import Message, render
from activities.letters.several import letters_across, render_candidate_notice

__all__ = ["MOST_ALIKE", "Draft", "Message", "alike", "drafts", "letters_across", "render", "render_candidate_notice"]
