"""Sanctions and terrorist lists as they are published: one reader for each shape of file."""
