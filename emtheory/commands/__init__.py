"""The commands of the command line, by what they are about; each registers itself on `shared.app`."""
