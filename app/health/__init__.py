"""What telemetry says: measures, scorecards, health scores."""
