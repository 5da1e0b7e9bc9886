"""What the benchmark measures, one module per part: `run` measures, keeps every number and gives tables."""
