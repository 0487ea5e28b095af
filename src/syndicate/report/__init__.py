"""Reports for people: one HTML file that needs no network and no server, or Markdown for a chat or a ticket."""
