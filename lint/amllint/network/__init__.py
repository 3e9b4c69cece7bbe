"""What talking to a server takes, whichever it is: hidden tokens, and waiting before a repeat."""
