"""The pull-request bot, against servers on loopback that keep the platforms' rules."""
