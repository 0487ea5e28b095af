"""What trafilatura, whose dates are htmldate's, reads of pages' metadata: JSON Lines in, JSON Lines out.

Runs in the peers' environment. In: id, html, url. Out: id, published, byline.
"""

import json
import sys

from trafilatura import bare_extraction

for line in sys.stdin:
    row = json.loads(line)
    try:
        found = bare_extraction(row["html"], url=row["url"], with_metadata=True)
    except Exception as error:  # noqa: BLE001 - a peer's failure on a page is a page without metadata
        print(f"{row['id']}: {error}", file=sys.stderr)
        found = None
    print(json.dumps({"id": row["id"], "published": found and found.date, "byline": found and found.author}))
