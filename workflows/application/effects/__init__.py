"""What each fact does to the story, by what it is about.

Every effect takes the story, the fact, its own time and its place in the order of own time. None raises: what contradicts the state is
kept, changes nothing, and its objection is remembered, for the door to refuse by and for the view to show.
"""
