"""The written site: whole after any interruption, written anew only where it changed."""
