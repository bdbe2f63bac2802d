"""What boards serve and what happens at them, for the board that signs, posts and comes again: `client.demonstration.board`."""
