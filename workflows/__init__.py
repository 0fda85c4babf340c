"""When it happens: durable, deterministic, replayed."""
