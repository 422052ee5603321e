"""The live preview: a server, and a process that builds again and again."""
