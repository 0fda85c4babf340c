"""Takes the sample's projects through a running Accord, as its users would. A client, no more.

Everything goes over the API: nothing here reads the store or talks to the engine.
"""

from cli.demo.client import Account, Problem
from cli.demo.running import run
from cli.demo.walking import Journey, Walker, decide

__all__ = ["Account", "Journey", "Problem", "Walker", "decide", "run"]
