"""What things are: values without behaviour that touches the world. Imports nothing of ours."""
