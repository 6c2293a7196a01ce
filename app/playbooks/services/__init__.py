"""What is done with playbooks: written, switched on and off, ended, and run."""
