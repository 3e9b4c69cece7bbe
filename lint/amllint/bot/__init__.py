"""The pull-request bot: what to say about findings, where, and how it is posted."""
