"""Bringing amllint into a repository that already has findings."""
