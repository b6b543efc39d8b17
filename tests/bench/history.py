"""A past for a store: what the server made of two pull requests, as if it had made it of a million.

The rows are copies of the server's own: of one pull request that was merged and applied, and of one that was closed.
Each copy has a number, ids and commits of its own, is a year old or older, and was swept: its logs, its plan's blobs
and its deliveries are forgotten.
"""

import contextlib
import sqlite3
from pathlib import Path

FIRST_NUMBER = 10_000_000  # far above those that the forge gives next
YEAR_MS = 365 * 24 * 3600 * 1000
APART_MS = 60_000
NO_TIME_MS = 1_000_000_000_000  # numbers below are no times
PAST = """
WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :count)
INSERT INTO past SELECT n, :first + n, :year + (:count - n) * :apart, CASE WHEN n % 4 = 0 THEN :closed ELSE :merged END
FROM counted
"""
COMMITS = ("SELECT held ->> '$.pull.head' FROM pulls WHERE number = past.template UNION ALL "
           "SELECT held ->> '$.pull.merge_commit' FROM pulls WHERE number = past.template")
# Which rows of a table are of a pull request.
OF_PULL = {
    "pulls": "number = past.template",
    "changes": "number = past.template",
    "plans": "number = past.template",
    "runs": "number = past.template",
    "said": "number = past.template",
    "statuses": f"commit_sha IN ({COMMITS})",
    "state_versions": "pull_number = past.template",
    "audit": "subject LIKE '%#' || past.template || ' %'",
}
NAMES = ("SELECT id FROM plans", "SELECT id FROM runs", "SELECT held ->> '$.pull.head' FROM pulls",
         "SELECT held ->> '$.pull.merge_commit' FROM pulls")


def fill(database: Path, merged: int, closed: int, count: int):
    """`count` old pull requests in the place of these two: three merged ones for each that was closed. The database
    belongs to nobody else, and holds nothing but them."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as rows:
        rows.execute("PRAGMA journal_mode = OFF")
        rows.execute("PRAGMA synchronous = OFF")
        rows.execute("BEGIN")
        rows.execute("CREATE TEMP TABLE past (n INTEGER PRIMARY KEY, number, age, template)")
        rows.execute(PAST, {"count": count, "first": FIRST_NUMBER, "year": YEAR_MS, "apart": APART_MS,
                            "closed": closed, "merged": merged})
        names = [name for sql in NAMES for (name,) in rows.execute(sql) if name]
        for table, of_pull in OF_PULL.items():
            rows.execute(f"CREATE TEMP TABLE origin AS SELECT past.template AS template, held.* "
                         f"FROM (SELECT DISTINCT template FROM past) past JOIN {table} held ON {of_pull}")
            columns = [name for _, name, kind, _, _, key in rows.execute(f"PRAGMA table_info({table})")
                       if (name, kind, key) != ("id", "INTEGER", 1)]  # those are counted by the database
            values = [_copied(rows, column, names) for column in columns]
            rows.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
                         f"FROM past CROSS JOIN origin ON origin.template = past.template ORDER BY past.n")
            rows.execute("DROP TABLE origin")
        rows.execute("COMMIT")
        rows.execute("PRAGMA journal_mode = WAL")


def _copied(rows: sqlite3.Connection, column: str, names: list) -> str:
    """What a copy has in this column, in SQL."""
    fixed = {"number": "past.number", "pull_number": "past.number", "shed": "1", "log_kept": "0", "newest": "0",
             "trigger_order": "CASE WHEN origin.trigger_order > 0 THEN past.n ELSE 0 END"}
    if column in fixed:
        return fixed[column]
    value = f"origin.{column}"
    if column == "record":
        value = f"json_remove({value}, '$.plan_file', '$.materials', '$.summary')"
    if column in ("held", "record"):
        value = f"""replace({value}, '"number":' || past.template, '"number":' || past.number)"""
    if column == "held":
        value = f"""replace({value}, '"order":1', '"order":' || past.n)"""
    if column == "subject":
        value = f"replace({value}, '#' || past.template || ' ', '#' || past.number || ' ')"
    for name in names:
        if rows.execute(f"SELECT 1 FROM origin WHERE instr({column}, ?)", (name,)).fetchone():
            value = f"replace({value}, '{name}', printf('%08x', past.n) || substr('{name}', 9))"
    if rows.execute(f"SELECT 1 FROM origin WHERE typeof({column}) = 'integer' AND {column} > {NO_TIME_MS}").fetchone():
        value = f"{value} - past.age"
    return value
