"""Pure logic of plans: their colour, what was typed, and their pages."""
