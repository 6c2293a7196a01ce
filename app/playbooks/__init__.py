"""Playbooks: rules that raise actions where accounts meet them; and the accounts that may want more of us, and why."""
