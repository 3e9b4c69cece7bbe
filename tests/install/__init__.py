"""What is installed works."""
