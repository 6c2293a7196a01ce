"""Home's panels as finished values."""
