"""The survey that a customer fills in: the page behind a personal link."""
