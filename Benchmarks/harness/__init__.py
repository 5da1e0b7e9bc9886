"""What every part of the benchmark shares: contestants, figures, goals, tables, pictures."""
