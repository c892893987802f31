"""`course data`: list, fetch, verify and mirror the data sets."""

from __future__ import annotations

from pathlib import Path

import click

from course.data import inventory, loading, mirror, pictures, places, registry
from course.data.progress import size
from course.errors import CourseError, DataError

NAMES = click.argument("names", nargs=-1, metavar="[NAME[/VARIANT]]...")
SHOWN = 10  # skipped pictures; the rest is in a file


@click.group("data")
def command() -> None:
    """List, fetch, verify and mirror the data sets."""


@command.command("list")
def list_() -> None:
    """Show every data set and variant, and where it is."""
    rows = inventory.entries()
    width = max(len(f"{row.data_set}/{row.variant}") for row in rows)
    for row in rows:
        name = f"{row.data_set}/{row.variant}".ljust(width)
        where = f"{row.place}: {row.path}" if row.path else "not here"
        click.echo(f"{name}  {size(row.bytes):>9}  {where}")
        click.echo(f"{'':{width}}  {'':>9}  source: {row.source}")
    folder = places.mirror()
    state = folder if folder else "not set"
    if folder and not folder.is_dir():
        state = f"{folder} (there is no such folder)"
    click.echo(f"\nmirror ({places.MIRROR_VARIABLE}): {state}")
    click.echo(f"cache ({places.CACHE_VARIABLE}): {places.cache()}")


@command.command()
@NAMES
@click.option(
    "--from",
    "original",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Cut the small set of cats and dogs from the original archive (Kaggle's or "
    "Microsoft's, packed or unpacked).",
)
def fetch(names: tuple[str, ...], original: Path | None) -> None:
    """Bring data sets here: verified, decoded or unpacked, ready to load."""
    if original is not None:
        if len(names) != 1:
            raise click.UsageError("--from needs one name: cats_and_dogs")
        _cut(names[0], original)
        return
    faults = 0
    for data_set, name in inventory.selected(names):
        try:
            variant = loading.choose(data_set, name)
            loading.prepare(data_set, variant)
        except DataError as error:
            # The other data sets can be fetched all the same.
            faults += 1
            _report(error)
        else:
            path = loading.here(data_set, variant)
            click.echo(f"{data_set.name}/{variant.name}: ready ({path})")
    _finish(faults, "not fetched")


@command.command()
@NAMES
def verify(names: tuple[str, ...]) -> None:
    """Read everything in full and compare it with the checksums."""
    faults = 0
    for data_set, name in inventory.selected(names):
        variants = [data_set.variant(name)] if name else list(data_set.variants)
        verdicts = [v for variant in variants for v in inventory.verify(data_set, variant)]
        for verdict in verdicts:
            title = f"{verdict.data_set}/{verdict.variant}"
            if verdict.good:
                click.echo(f"ok     {title}  {verdict.path}\n       {verdict.text}")
            else:
                faults += 1
                click.secho(f"wrong  {title}  {verdict.text}", fg="red")
        if not verdicts:
            faults += bool(names)
            click.echo(
                f"–      {data_set.name if not name else f'{data_set.name}/{name}'}  not here"
            )
    _finish(faults, "wrong or missing")


@command.command("mirror")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@NAMES
def mirror_(folder: Path, names: tuple[str, ...]) -> None:
    """Write the data files to DIR, for machines without internet.

    Without names, writes all variants that are here, and the default variant of each data set of
    which none is.
    """
    faults, items = 0, []
    for data_set, name in inventory.selected(names):
        variants = [data_set.variant(name)] if name else mirror.choose(data_set)
        for variant in variants:
            try:
                items.append(mirror.gather(data_set, variant))
            except DataError as error:
                faults += 1
                _report(error)
    if items:
        for path, written in mirror.write(items, folder.absolute()):
            click.echo(f"{path}: {'written' if written else 'was there already'}")
        click.echo(f"On each machine: export {places.MIRROR_VARIABLE}={folder.absolute()}")
    _finish(faults, "not mirrored")


def _cut(name: str, original: Path) -> None:
    title, _, variant_name = name.partition("/")
    data_set = registry.data_set(title)
    variant, kept = pictures.cut(data_set, original.absolute())
    click.echo(f"{data_set.name}/{variant.name}: ready ({kept.path})")
    click.echo(f"hidden files ignored: {kept.hidden}")
    click.echo(f"pictures skipped and replaced: {len(kept.skipped)}")
    for line in kept.skipped[:SHOWN]:
        click.echo(f"  {line}")
    if len(kept.skipped) > SHOWN:
        click.echo(f"  … and {len(kept.skipped) - SHOWN} more, listed in {kept.listing}")
    if variant_name and variant_name != variant.name:
        raise DataError(
            f"{original} is no archive of {name}; the set it gave is {title}/{variant.name}."
        )


def _report(error: CourseError) -> None:
    click.secho(f"error: {error}\n", fg="red", err=True)


def _finish(faults: int, what: str) -> None:
    if faults:
        click.secho(f"{what}: {faults}", fg="red", err=True)
        raise SystemExit(1)
