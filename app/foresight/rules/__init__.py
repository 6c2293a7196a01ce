"""The pure logic of foresight: pooled win probability and the smallest change that reaches a target."""
