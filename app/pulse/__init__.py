"""What the people who look after accounts think of them: judgement, kept apart from what is measured."""
