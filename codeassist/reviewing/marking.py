"""Findings found again: fingerprints, the baseline of known ones, comments that leave one out."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codeassist.records.errors import UsageError
from codeassist.records.report import Finding

_COMMENT = re.compile(r"#\s*codeassist:\s*ignore(?:\[([\w\s,-]*)\])?")


@dataclass(frozen=True, slots=True)
class Marks:
    """The fingerprints of findings that are known already."""

    known: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: str) -> Marks:
        """Those of a saved `review --format json`; UsageError for a file that is none."""
        if not path:
            return cls()
        try:
            with open(path, encoding="utf-8") as stream:
                document = json.load(stream)
        except OSError as error:
            raise UsageError(
                f"{path}: {error.strerror}",
                hint="make one with `codeassist review --format json --output FILE`",
            ) from None
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict) or document.get("format") != "codeassist/review":
            hint = "make one with `codeassist review --format json --output FILE`"
            raise UsageError(f"{path} is no saved review", hint=hint)
        findings = document.get("findings")
        items = findings if isinstance(findings, list) else []
        return cls(frozenset(str(item.get("fingerprint")) for item in items if isinstance(item, dict)))

    def marked(self, finding: Finding, root: str) -> Finding:
        """The finding with its fingerprint: rule, file, function and what it shows, no line."""
        shown = finding.counterexample or {}
        parts = [
            finding.rule, os.path.relpath(finding.path, root or "."), finding.function,
            shown.get("old", ""), shown.get("new", ""), "" if shown else finding.message,
        ]  # fmt: skip
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        return replace(finding, fingerprint=digest[:32])

    def knows(self, finding: Finding) -> bool:
        """Whether the baseline holds it."""
        return finding.fingerprint in self.known


def is_ignored(finding: Finding, lines: Sequence[str], heads: Sequence[int]) -> bool:
    """Whether `# codeassist: ignore` or `ignore[rule]` stands on its line, or on the line of its function."""
    return any(
        _names(lines[line - 1], finding.rule) for line in (finding.line, *heads) if 0 < line <= len(lines)
    )


def _names(line: str, rule: str) -> bool:
    match = _COMMENT.search(line)
    if match is None:
        return False
    return match.group(1) is None or rule in [word.strip() for word in match.group(1).split(",")]
