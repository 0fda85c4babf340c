"""Pure rules, replayed by the workflow: values in, values out; today is an argument."""
