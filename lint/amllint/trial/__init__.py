"""A scoring script tried under the real inference server, on this machine.

The one part of amllint that executes what it is given. Nothing else imports it but the command
`amllint try`.
"""
