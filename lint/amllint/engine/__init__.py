"""From paths to findings: load, link, run the rules, sort out what is reported."""
