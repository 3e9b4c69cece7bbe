"""Asks a package index whether pins can be installed together: `amllint check --resolve`.

The one part of `check` that opens connections, through pip's own resolver in a process of its
own. Nothing else imports it but that option.
"""
