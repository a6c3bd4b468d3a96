"""A program of its own: reads a workbook from standard input and writes its visible sheets as JSON.

A workbook of some hundred bytes can claim a cell in its last row and column, and the library would lay out all between
and end the process for want of memory. Here that process is not the one that builds the site.
"""

import io
import json
import resource
import sys

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY_BYTES = 1_500_000_000
MAX_PLACES = 200_000


def main() -> int:
    """Write `[{"rows": [[…]], "merged": [[[row, column], [row, column]], …]}, …]`, counted from 0.

    Exit codes: 3 a password, 4 damage, 5 more than any report holds.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            workbook.get_sheet_by_name(metadata.name)
            for metadata in workbook.sheets_metadata
            if metadata.typ == SheetTypeEnum.WorkSheet and metadata.visible == SheetVisibleEnum.Visible
        ]
        if sum((sheet.total_height + 1) * (sheet.total_width + 1) for sheet in sheets) > MAX_PLACES:
            return 5
        json.dump([_content(sheet) for sheet in sheets], sys.stdout)
    except PasswordError:
        return 3
    except (CalamineError, ValueError, OSError):
        return 4
    return 0


def _content(sheet: CalamineSheet) -> dict:
    rows = [[_printed(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    bottom, right = len(rows) - 1, max(map(len, rows), default=0) - 1
    merged = [
        (first, (min(last[0], bottom), min(last[1], right)))
        for first, last in sheet.merged_cell_ranges or ()
        if first[0] <= bottom and first[1] <= right
    ]
    return {"rows": rows, "merged": merged}


def _printed(value: object) -> str:
    """Every number is stored as a floating-point one, whole ones too."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


if __name__ == "__main__":
    sys.exit(main())
