"""What Accord prints: documents as blocks of words, and their typesetting as accessible PDF."""
