"""An adviser asks, the candidate agrees by a link or does not, and what the adviser then sees."""
