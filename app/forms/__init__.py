"""Shape and wording of what people fill in. Forms know no database."""
