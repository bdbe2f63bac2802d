"""Sending is held, and goes on."""
