"""Reports as text for people and as formats for machines; one file each."""
