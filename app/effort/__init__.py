"""How much of a CSM's week each account takes, and how hard its desired outcomes are to reach."""
