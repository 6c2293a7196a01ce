"""Benchmarks: ratios against a bare version in the same run."""
