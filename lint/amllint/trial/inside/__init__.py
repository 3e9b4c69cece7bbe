"""What runs in the interpreter that has the inference server: it need not have amllint.

These files are started by their path, import nothing of amllint, and keep to Python 3.8.
"""
