"""Tests of the documentation sources."""
