"""For people: pages in English and French, over the same commands as the API."""
