"""What is kept: tables, the chain of events, texts, money, messages, projection and queries."""
