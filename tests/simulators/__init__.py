"""Boards as small real HTTP servers: what they sign and post, what they serve, and how they take no for an answer."""
