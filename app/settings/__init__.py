"""What the workspace is called and in which currency it reckons."""
