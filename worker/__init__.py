"""The process that runs workflows and activities: settings, telemetry, registry, shutdown. Start it with `python -m worker`."""
