"""How others talk to it: the façade `applications`, the same over HTTP in `http`, the `api`, the `command_line`, the embedded stack."""
