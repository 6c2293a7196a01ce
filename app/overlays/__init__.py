"""Situational overlays: what happens around accounts for a while, held beside health and never mixed into it."""
