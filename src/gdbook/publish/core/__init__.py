"""What every other room uses: settings, findings, data about pages, caches, files, npm packages."""
