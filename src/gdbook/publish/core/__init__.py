"""What every other part builds on: files, kept answers, findings, npm packages, versions."""
