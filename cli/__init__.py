"""For operators: the one place that reads the environment and builds things."""
