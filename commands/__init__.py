"""What people do: one function per act, the same for API, pages and command line.

A command checks visibility, stores texts, calls the gateway and answers from the store.
"""
