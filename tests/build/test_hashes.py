"""The hashes that requirements files pin."""

from pathlib import Path

import pytest

from tabcorn.build.fetch import Local
from tabcorn.build.hashes import check_hashes, pinned_hashes
from tabcorn.errors import DownloadError

A, B, C = "a" * 64, "b" * 64, "c" * 64


def test_hashes_on_continued_lines_and_in_nested_files(tmp_path: Path) -> None:
    top, nested = tmp_path / "requirements.txt", tmp_path / "more/nested.txt"
    nested.parent.mkdir()
    top.write_text(
        "# -r comment.txt\n"
        f"Some.Thing==1.0 ; python_version > '3' \\\n    --hash=sha256:{A} \\\n"
        f"    --hash=sha256:{B}\n"
        "plain==1.0\n-r more/nested.txt  # more\n-r https://example.test/far.txt\n"
    )
    nested.write_text(f"-r ../requirements.txt\nother[extra]==2 --hash=sha256:{C.upper()}\n")
    assert pinned_hashes([top]) == {"some-thing": {A, B}, "other": {C}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_hashes_in_every_encoding_that_uv_reads(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "r.txt").write_text(f"plain==1 --hash=sha256:{A}\r\n", encoding=encoding)
    assert pinned_hashes([tmp_path / "r.txt"]) == {"plain": {A}}


def test_a_file_that_is_not_pinned_is_refused(tmp_path: Path) -> None:
    fetched: dict[str, Local | Path] = {
        "thing": Local(tmp_path / "thing.whl", A),
        "mine": tmp_path,
    }
    check_hashes(fetched, {"thing": {A, B}, "mine": {C}})
    check_hashes(fetched, {"other": {C}})
    with pytest.raises(DownloadError, match=r"thing\.whl is not among the files"):
        check_hashes(fetched, {"thing": {C}})
