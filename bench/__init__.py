"""What Accord costs, beside the bare SDK and a peer, measured in one run on one machine."""
