"""For operators: the command line, which builds everything and alone reads the environment."""
