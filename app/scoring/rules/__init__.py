"""The pure logic of scoring: scales, estimates, roll-up, agreement, gaps and verbatims."""
