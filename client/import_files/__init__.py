"""Files of applications, CSV and JSON Lines, read into openings: strictly, line by line, everything that is wrong said in sentences.

Pure: nothing is asked of a server. What a file's rows may mean to applications that are there already is found out when they are opened.
"""

from __future__ import annotations

from client.import_files.reading import ImportFile, Mistake, Row, Unreadable, read

__all__ = ["ImportFile", "Mistake", "Row", "Unreadable", "read"]
