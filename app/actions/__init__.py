"""Actions: what was promised to customers or decided about them, with an owner and a day, until it is done."""
