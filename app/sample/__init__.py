"""The sample portfolio: invented customers, their telemetry and a finished study."""
