"""Empty `owes` of each row of questions.csv that passes. Nothing else of the file changes.

PYTHONPATH=.:tests .venv/bin/python tests/treaty/clear_owes.py
"""

from __future__ import annotations

import csv

from treaty.questions import COLUMNS, FILE, answer_faults, read_rows

from chalicelib.species.services import list_in_use


def main() -> None:
    """Write the file again and print the rows that no longer fail."""
    rows, listing = read_rows(), list_in_use.listing()
    cleared = [row for row in rows if row["owes"] and not answer_faults(row, listing)]
    for row in cleared:
        print(row["id"], row["owes"])
        row["owes"] = ""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(cleared)} rows pass now; {sum(1 for row in rows if row['owes'])} are still owed")


if __name__ == "__main__":
    main()
