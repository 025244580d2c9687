"""What the package asks of the machine: files, arrays in files, JSON documents, processes."""
