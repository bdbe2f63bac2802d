"""How others talk to it: the typed façade `applications`, the HTTP `api`, the `command_line`, the embedded stack."""
