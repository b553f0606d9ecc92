"""Text -> Module facts; the only room that holds syntax trees. Seam: languages."""
