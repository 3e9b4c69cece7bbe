"""Files as what they are to Azure ML: typed, with every value located. No parser in here."""
