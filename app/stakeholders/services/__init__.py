"""What changes the people on record, the templates and the promises."""
