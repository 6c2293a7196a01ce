"""The value ledger: what customers were promised, what of it arrived, and what they themselves say of it."""
