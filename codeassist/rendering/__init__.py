"""Report or TraceView -> text. Seam: renderers."""
