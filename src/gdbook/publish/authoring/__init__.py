"""What an author is handed: `gdbook new-chapter` lays out all files that a chapter touches."""
