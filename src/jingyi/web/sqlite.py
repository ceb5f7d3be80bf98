"""Use a SQLite without the WAL-reset race.

SQLite before 3.51.3 (and its 3.44.6 and 3.50.7 backports) can corrupt a WAL
database that two connections write to; Debian 12 ships 3.40.1. The wheel
`pysqlite3` carries a sound one. Import this module before Django's backend.
Source: sqlite.org release notes of 3.51.3.
"""

import sys

import pysqlite3

SOUND_SINCE = (3, 51, 3)

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

if pysqlite3.sqlite_version_info < SOUND_SINCE:  # pragma: no cover -- guards a bad wheel
    msg = f"SQLite {pysqlite3.sqlite_version} can lose data in WAL mode; install pysqlite3 >= 0.6.1"
    raise RuntimeError(msg)
