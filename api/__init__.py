"""For software: JSON over HTTP, thin. Reads requests, calls `commands`, answers what they give."""
