"""`course runs`: list the training runs of this machine, pack them as files, fetch such files."""

from __future__ import annotations

from pathlib import Path

import click

from course import profiles, project
from course.data.progress import size
from course.runs import fetch as fetching
from course.runs import packs, store

FROM = click.option(
    "--from",
    "place",
    metavar="FOLDER-OR-URL",
    help=f"Where the packs lie. [the variable {fetching.VARIABLE}, or what is published]",
)


@click.group("runs")
def command() -> None:
    """List, pack and fetch finished training runs."""


@command.command("list")
@FROM
def list_(place: str | None) -> None:
    """Show the runs of this machine, or those of a place with --from."""
    profile = profiles.current()
    if place:
        offered = fetching.index(fetching.place(place))
        for pack in offered:
            here = "here already" if fetching.is_here(pack) else ""
            _row(pack.name, pack.seeds, pack.parameters, pack.bytes, pack.cpu_seconds, here)
        click.echo(f"\n{len(offered)} names, {size(sum(pack.bytes for pack in offered))}")
        return
    found = {name: store.keys_of(name, profile) for name in store.names(profile)}
    for name, keys in found.items():
        records = [record for key in keys if (record := store.find(key)) is not None]
        if records:
            weight = sum(store.model_file(key).stat().st_size for key in keys if store.find(key))
            minutes = sum(record["cpu_seconds"] for record in records)
            seeds = [record["seed"] for record in records]
            _row(name, seeds, records[0]["parameters"], weight, minutes, "")
    click.echo(f"\n{len(found)} names, profile {profile}, in {store.folder()}")


def _row(
    name: str, seeds: list[int], parameters: int, weight: int, seconds: float, note: str
) -> None:
    trained = f"seeds {', '.join(map(str, seeds))}"
    minutes = f"{seconds / 2 / 60:6.1f} two-core min"
    line = f"{name:24}  {parameters:>11,} parameters  {size(weight):>9}  {minutes}  {trained}"
    click.echo(f"{line}  {note}".rstrip())


@command.command("pack")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def pack_(folder: Path, names: tuple[str, ...]) -> None:
    """Write the runs of the committed outputs to DIR, for others to fetch.

    Each NAME becomes one file; without names, all that this machine has. An index beside them says
    what they are. Put DIR on a web server, into a release, or on a memory stick.
    """
    from course.runs import publish

    root, profile = project.root(), profiles.current()
    folder = folder.absolute()
    written = []
    for pack in publish.pack(root, folder, names, profile):
        written.append(pack)
        click.echo(f"{folder / pack.file}: {size(pack.bytes)}")
    for name in publish.left_out(root, profile) if not names else []:
        click.echo(f"{name}: not on this machine as the outputs say; left out")
    click.echo(f"\n{size(sum(pack.bytes for pack in written))} in {len(written)} files.")
    from course.data import checksums

    sha256 = checksums.of_file(folder / packs.INDEX)
    click.echo(
        f"To fetch from there: course runs fetch NAME --from {folder}\n"
        f"Once they are published, the setting in pyproject.toml, under [project.urls]:\n"
        f'{fetching.LABEL} = "https://ADDRESS-OF-THE-FILES#{fetching.PINNED}{sha256}"'
    )


@command.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@FROM
@click.option(
    "--notebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your notebook of the chapter. [CHAPTER.ipynb in this folder]",
)
def fetch(names: tuple[str, ...], place: str | None, notebook: Path | None) -> None:
    """Bring trained networks here, so that a notebook loads them and does not train.

    Every file is checked before it is opened. Where your notebook, your libraries or your data are
    not those of the training, it is said what differs: then `runs.repeat` trains as before.
    """
    source = fetching.place(place)
    wanted = fetching.chosen(fetching.index(source), names, profiles.current())
    chapters = {pack.made.chapter: pack for pack in wanted}
    if notebook and len(chapters) > 1:
        raise click.UsageError("--notebook is of one chapter; name the runs of one.")
    own = []
    for pack in wanted:
        state = "here already" if fetching.is_here(pack) else "fetched and verified"
        if not fetching.fetch(pack, source):
            own.append(pack.name)
        count = "1 run" if len(pack.keys) == 1 else f"{len(pack.keys)} runs"
        click.echo(f"{pack.name}: {state}, {count}, {size(pack.bytes)}")
    for chapter, pack in chapters.items():
        click.echo()
        _compare(chapter, pack, notebook or Path(f"{chapter}.ipynb"))
    if own:
        click.secho(
            f"\nYou have runs of your own with the names {', '.join(own)}; runs.load goes on "
            f"giving those.",
            fg="yellow",
        )


def _compare(chapter: str, pack: packs.Pack, notebook: Path) -> None:
    """Say whether a notebook of the chapter will find what was fetched."""
    there = notebook.is_file()
    found = list(fetching.differences(pack, notebook if there else None))
    if not found:
        code = (
            f"{notebook} loads them" if there else "A notebook with the chapter's code loads them"
        )
        click.echo(f"{chapter}: {code} and does not train.")
        return
    click.secho(
        f"{chapter}: not everything here is as it was where they were trained.", fg="yellow"
    )
    for difference in found:
        click.echo(f"- {difference}")
    advice = (
        "Where a training depends on that, runs.repeat does not take the fetched runs and trains."
    )
    if pack.profile == profiles.current():
        advice += f" A cell with runs.load({pack.name!r}) gives you them all the same."
    click.echo(advice)
