"""What a process tells OpenTelemetry, where it is asked to."""
