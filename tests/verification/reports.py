"""Reading reports in tests."""

from __future__ import annotations

from doctranslate.records import Check, Report


def named(report: Report, name: str) -> Check:
    """The check of this name."""
    return next(check for check in report.checks if check.name == name)


def lines(check: Check) -> set[int]:
    """The lines it found something at."""
    return {finding.line for finding in check.findings}


def text(check: Check) -> str:
    """All it says."""
    return "\n".join(finding.message for finding in check.findings)
