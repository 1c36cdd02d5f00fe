"""GS1 syntax: application identifiers, element strings, scan data and Digital Link, strictly.

Rule: accept what the General Specifications and the GS1 Digital Link URI Syntax allow and refuse the rest,
as the official syntax engine does; its published vectors are the test. `ledger.events.identifiers` is the
face the rest of the program uses.
"""
