"""The client: its door, its façade, its command line."""
