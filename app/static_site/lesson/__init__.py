"""The lesson's chapters as pages of files: the chapters' own code is run beforehand, and what it draws becomes HTML."""
