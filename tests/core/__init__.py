"""The pure core: no socket, no server, no clock. Written from the text of the process, not from the code."""
