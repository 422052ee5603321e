"""What is written beside the pages: slides, notebooks and print, by the same build."""
