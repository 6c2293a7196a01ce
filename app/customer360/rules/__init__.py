"""What the pages of accounts say: pure logic, finished texts."""
