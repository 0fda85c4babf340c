"""The steps that bring a database to this version, by Alembic."""
