"""The demonstration: eight applications walk the guide on the embedded stack, in fixed weeks of spring 2030, reached by fast-forward.

What is said is in `stories`, what must come of it in `table`, by hand; `comparison` has the last word on whether they agree. What boards
say is delivered by `board`, which signs, posts and comes again as each of them does.
"""

from client.demonstration.programme import play

__all__ = ["play"]
