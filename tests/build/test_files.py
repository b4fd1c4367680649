"""Which files of the app's folder ride along."""

import os
from pathlib import Path

import pytest

from tabcorn.build import files as taking
from tabcorn.build.filerules import FileRules, Reason
from tabcorn.build.files import collect_files, unwritten_changes
from tabcorn.build.publish import publish
from tabcorn.errors import FilesError
from tests.build.test_site import make_site

needs_links = pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def taken(folder: Path, **rules: object) -> list[str]:
    return list(collect_files(folder, FileRules(**rules)).files)  # type: ignore[arg-type]


def test_everything_ordinary_is_taken(tmp_path: Path) -> None:
    names = ["data/a.db", "main.py", "pkg/build/x.py", "static/dist/a.js", "templates/x.html"]
    fill(tmp_path, *names)
    assert collect_files(tmp_path, FileRules()).files == {name: name.encode() for name in names}


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".gitignore",
        ".env",
        ".env.local",
        ".venv/lib/x.py",
        ".hidden/x.py",
        "venv/x.py",
        "node_modules/x/index.js",
        "web/node_modules/x/index.js",
        "pkg/__pycache__/x.cpython-311.pyc",
        "old.pyc",
        "build/lib/x.py",
        "dist/x.whl",
        "x.egg-info/PKG-INFO",
    ],
)
def test_left_out_by_default(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "main.py", name)
    assert taken(tmp_path) == ["main.py"]


def test_include_brings_back(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", ".well-known/security.txt", "dist/app.js", "dist/app.map")
    assert taken(tmp_path, include=(".well-known/", "dist/*.js")) == [
        ".well-known/security.txt",
        "dist/app.js",
        "main.py",
    ]


SECRET = [
    ".env",
    "conf/.env.local",
    "prod.env",
    ".envrc",
    "conf/.netrc",
    "id_rsa",
    "keys/store.p12",
    "secrets/token.txt",
    "conf/secrets.toml",
    "client_secret_1.json",
]


def test_secrets_come_along_only_by_their_names(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", ".git/config", ".env.example", "pkg/secrets/x.py", *SECRET)
    found = collect_files(tmp_path, FileRules(include=("*",)))
    assert list(found.files) == [".env.example", "main.py", "pkg/secrets/x.py"]
    kept = {path for path, reason in found.left_out.items() if reason is Reason.SECRET}
    assert kept == {*SECRET, "secrets/"} - {"secrets/token.txt"}
    asked = taken(tmp_path, include=("/prod.env", "secrets/token.txt", ".netrc", "conf/*"))
    assert set(asked) & set(SECRET) == {"prod.env", "secrets/token.txt", "conf/.netrc"}
    assert taken(tmp_path, include=("/prod.env",), exclude=("*.env",)) == [
        "main.py",
        "pkg/secrets/x.py",
    ]


def test_a_private_key_is_told_from_a_certificate(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / "tls.key").write_text("-----BEGIN RSA PRIVATE KEY-----\nMII\n")
    assert taken(tmp_path) == ["ca.pem"]
    assert taken(tmp_path, include=("tls.key",)) == ["ca.pem", "tls.key"]


def test_a_login_in_the_address_of_an_index_stays(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("-i https://me:pa55@index.test/simple\nh11\n")
    (tmp_path / "pyproject.toml").write_text('url = "https://t0ken@index.test/simple"\n')
    (tmp_path / "requirements-dev.txt").write_text(
        "-i https://${NAME}:${WORD}@index.test/\nx @ git+ssh://git@host.test/x\na@b.test\n"
    )
    assert taken(tmp_path) == ["requirements-dev.txt"]


def test_what_is_beside_a_database_stays(tmp_path: Path) -> None:
    fill(tmp_path, "a.db", "a.db-wal", "a.db-shm", "b.db", "b.db-journal", "my-journal")
    (tmp_path / "b.db-journal").write_text("")
    found = collect_files(tmp_path, FileRules())
    assert list(found.files) == ["a.db", "b.db", "my-journal"]
    assert unwritten_changes(tmp_path, found.left_out) == ["a.db"]


def test_what_is_left_out_is_listed_by_folder(tmp_path: Path) -> None:
    fill(
        tmp_path, ".git/config", "dist/a.js", "node_modules/x/y.js", "pkg/__pycache__/x.pyc", "x.md"
    )
    expected = [".git/", "node_modules/", "pkg/__pycache__/"]
    found = collect_files(tmp_path, FileRules(include=("dist/*",), exclude=("*.md",)))
    assert sorted(found.left_out) == [*expected, "x.md"]
    assert sorted(collect_files(tmp_path, FileRules()).left_out) == sorted([*expected, "dist/"])


def test_exclude_wins(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", "big.bin", "data/a.csv", "data/b.db")
    assert taken(tmp_path, include=("*.bin",), exclude=("*.bin", "/data/*.csv")) == [
        "data/b.db",
        "main.py",
    ]


def test_virtual_environments_of_any_name_stay(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", "myenv/pyvenv.cfg", "myenv/lib/x.py")
    assert taken(tmp_path) == ["main.py"]


def test_sites_of_ours_and_the_output_stay(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", "out/left-over.txt")
    publish(make_site(), tmp_path / "site")
    assert taken(tmp_path, output=tmp_path / "out") == ["main.py"]


@needs_links
def test_links_inside_of_the_folder_are_followed(tmp_path: Path) -> None:
    fill(tmp_path, "real/a.txt")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "file.txt").symlink_to("real/a.txt")
    assert taken(tmp_path) == ["file.txt", "folder/a.txt", "real/a.txt"]


@needs_links
def test_a_link_to_a_folder_above_does_not_go_round(tmp_path: Path) -> None:
    fill(tmp_path, "a/b/x.txt")
    (tmp_path / "a/b/up").symlink_to("../..")
    assert taken(tmp_path) == ["a/b/x.txt"]


@needs_links
def test_links_to_each_other_do_not_go_round(tmp_path: Path) -> None:
    fill(tmp_path, "a/x.txt", "b/y.txt")
    (tmp_path / "a/to_b").symlink_to("../b")
    (tmp_path / "b/to_a").symlink_to("../a")
    assert taken(tmp_path) == ["a/to_b/y.txt", "a/x.txt", "b/to_a/x.txt", "b/y.txt"]


@needs_links
@pytest.mark.parametrize("target", ["../secret.txt", "missing.txt", "../outside"])
def test_links_out_of_the_folder_are_refused(tmp_path: Path, target: str) -> None:
    fill(tmp_path, "secret.txt", "outside/x.txt", "app/main.py")
    (tmp_path / "app/link").symlink_to(target)
    with pytest.raises(FilesError, match=r"symbolic link.*--exclude 'link'"):
        taken(tmp_path / "app")
    assert taken(tmp_path / "app", exclude=("link",)) == ["main.py"]


@needs_links
def test_links_that_go_round_lead_nowhere(tmp_path: Path) -> None:
    fill(tmp_path, "main.py")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(FilesError, match="where nothing is"):
        taken(tmp_path)


@needs_links
def test_no_link_leads_to_what_is_kept_out(tmp_path: Path) -> None:
    fill(tmp_path, "main.py", ".git/config", ".env", "dist/x.js")
    for name, target in (("a", ".git"), ("b.txt", ".env"), ("c", ".git/config"), ("d", "dist")):
        (tmp_path / name).symlink_to(target)
    assert taken(tmp_path) == ["d/x.js", "main.py"]
    assert taken(tmp_path, include=(".env",)) == [".env", "b.txt", "d/x.js", "main.py"]


@pytest.mark.skipif(os.name == "nt", reason="such names are not made there")
def test_names_of_every_kind(tmp_path: Path) -> None:
    names = ["A", "a", "a\nb", "e\u0301", "\u00e9", "q'\"#?% ", "x" * 255, "\u00e9" * 127]
    (tmp_path / "deep").mkdir()
    for name in names:
        (tmp_path / "deep" / name).write_text(name)
    found = collect_files(tmp_path, FileRules()).files
    assert found == {f"deep/{name}": name.encode() for name in names}
    (tmp_path / os.fsdecode(b"bad\xff")).touch()
    with pytest.raises(FilesError, match=r"cannot be taken along.*--exclude"):
        taken(tmp_path)
    assert len(taken(tmp_path, exclude=("bad*",))) == len(names)


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "main.py", "shut/x.txt")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(FilesError, match=r"shut cannot be read: Permission denied.*--exclude"):
        taken(tmp_path)


@needs_links
def test_what_is_no_file_is_passed_by(tmp_path: Path) -> None:
    fill(tmp_path, "main.py")
    os.mkfifo(tmp_path / "pipe")
    assert taken(tmp_path) == ["main.py"]


def test_far_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "main.py", "other.py")
    monkeypatch.setattr(taking, "MAX_SIZE", 10)
    with pytest.raises(FilesError, match="--exclude"):
        taken(tmp_path)
