"""What the command line of `course site` accepts."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from course.commands import site
from course.site import serve as site_serve


@pytest.mark.parametrize("port", ["99999", "65536", "-1"])
def test_a_port_that_no_machine_has_is_refused_before_anything_is_served(
    monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setattr(site_serve, "server", lambda *_: pytest.fail("it is served"))
    result = CliRunner().invoke(site.command, ["serve", "--port", port])
    assert result.exit_code == 2
    assert f"{port} is not in the range 0<=x<=65535" in result.output
