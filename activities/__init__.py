"""What touches the world: the mail server, the calendar of holidays, a board's API; and the words that are sent.

`letters` holds the words, `holidays` the days that do not count: both are pure and also serve the façade. `notices` and `look_up` are the
activities around them, known to the shells by name only.
"""
