"""Answers of Azure and exports of its tools, turned into rows: what is not asked for stays out."""
