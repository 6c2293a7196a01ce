"""What writes judgement: what is said of one account, and rounds of blind rating."""
