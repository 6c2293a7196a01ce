"""What is likely to come: the probability that an account renews, and what accounts that renew look like."""
