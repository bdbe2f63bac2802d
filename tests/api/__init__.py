"""The HTTP API, against the running stack."""
