"""What every feature stands on: settings, database, clock, refusals, web glue."""
