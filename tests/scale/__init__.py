"""What many applications cost, how punctual they are, and whether anything grows: `python -m tests.scale`, `python -m tests.scale.soak`."""
