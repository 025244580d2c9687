"""The report as a document: HTML, LaTeX and Markdown."""
