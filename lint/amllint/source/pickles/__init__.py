"""Pickles of models, read by opcode: nothing in them is ever loaded or called."""
