"""What is decided about overlays without a database: levels, days, what was typed, and how pages say it."""
