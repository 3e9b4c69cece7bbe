"""The rules: one file each, documentation, code and first test in one."""
