"""How the world is touched: implementations of `workflows.ports`, every one safe to run twice."""
