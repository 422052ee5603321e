"""npm packages: locked, fetched once, and a clear sentence where they cannot be had."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path

import pytest

from gdbook.publish.core import npm
from gdbook.publish.core.places import ROOT


def checkout(root: Path, *, tampered: bool = False) -> Path:
    """Make a folder whose lockfile names one package, which lies beside it as a tarball."""
    root.mkdir()
    package = json.dumps({"name": "pebble", "version": "1.0.0"}).encode()
    with tarfile.open(root / "pebble.tgz", "w:gz") as tar:
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(package)
        tar.addfile(entry, io.BytesIO(package))
    digest = hashlib.sha512((root / "pebble.tgz").read_bytes()).digest()
    if tampered:
        digest = bytes(64)
    where = f"file:{root / 'pebble.tgz'}"
    needs = {"name": "book", "dependencies": {"pebble": where}}
    (root / "package.json").write_text(json.dumps(needs))
    locked = {
        "version": "1.0.0",
        "resolved": where,
        "integrity": "sha512-" + base64.b64encode(digest).decode(),
    }
    lock = {
        "name": "book",
        "lockfileVersion": 3,
        "requires": True,
        "packages": {"": needs, "node_modules/pebble": locked},
    }
    (root / "package-lock.json").write_text(json.dumps(lock))
    return root


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.name.startswith(".node_modules")]


def test_every_locked_package_has_a_hash_and_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    direct = packages.pop("")["dependencies"]
    assert direct == json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert {f"node_modules/{name}" for name in direct} <= set(packages)
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
        assert re.fullmatch(r"[\d.]+", entry["version"]), name
    assert re.search(r'"resolved"|registry|\.tgz', text) is None


def test_packages_of_the_book_are_there() -> None:
    assert (npm.package("temml") / "dist" / "temml.cjs").is_file()
    with pytest.raises(npm.AssetsError, match="no npm package 'left-pad'"):
        npm.package("left-pad")


def test_the_second_build_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = checkout(tmp_path / "book")
    modules = npm.fetch(root)
    assert json.loads((modules / "pebble" / "package.json").read_text())["name"] == "pebble"
    monkeypatch.setattr(npm, "npm_command", lambda: ["/no/such/program"])
    assert npm.fetch(root) == modules
    assert leftovers(root) == []


def test_another_lockfile_fetches_again(tmp_path: Path) -> None:
    root = checkout(tmp_path / "book")
    modules = npm.fetch(root)
    (modules / "pebble" / "package.json").unlink()
    lock = root / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    npm.fetch(root)
    assert (modules / "pebble" / "package.json").is_file()
    assert leftovers(root) == []


def test_what_has_another_hash_is_refused(tmp_path: Path) -> None:
    root = checkout(tmp_path / "book", tampered=True)
    with pytest.raises(npm.AssetsError, match=r"(?i)integrity|sha512"):
        npm.fetch(root)
    assert not (root / "node_modules").exists()
    assert leftovers(root) == []


def test_offline_says_so_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checkout(tmp_path / "book")
    modules = npm.fetch(root)
    (root / "pebble.tgz").unlink()
    lock = root / "package-lock.json"
    lock.write_text(
        lock.read_text().replace(str(root / "pebble.tgz"), "http://127.0.0.1:9/pebble.tgz")
    )
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(npm.AssetsError, match="connect to the network for this one build"):
        npm.fetch(root)
    assert (modules / "pebble" / "package.json").is_file()
    assert leftovers(root) == []


def test_without_a_lockfile_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(npm.AssetsError, match="built from a checkout"):
        npm.fetch(tmp_path)
