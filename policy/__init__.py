"""Whether it is allowed: what the department has decided, as rules and dated data."""
