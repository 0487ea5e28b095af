"""Cleaning, fingerprints, matches and stories on Apache Spark: frames in, frames out, and nothing decided anew.

What looks at a page, a text, a pair or a story is the library's own, inside of `mapInArrow`; Spark joins, sorts and
groups. Needs the extra `spark`, and Java 17 or later.
"""
