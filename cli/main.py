"""The command line: what an operator can ask for. Each command loads only what it needs."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from cli import settings as settings_module
from cli.settings import EXIT_UNUSABLE, REPOSITORY, Settings, Unusable

T = TypeVar("T")

_SERVING_GRACE_SECONDS = 4.0
"""Streams are cut after two; the supervisor waits for six."""

app = typer.Typer(
    name="accord",
    help="Accord: proposals, from intake to approval.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help="The programmes' rules.", no_args_is_help=True)
lists_app = typer.Typer(help="Lists of names that parties are screened against.")
demo_app = typer.Typer(help="The demonstration.", no_args_is_help=True)
records_app = typer.Typer(help="Records: disposal, legal holds, data keys.", no_args_is_help=True)
people_app = typer.Typer(help="The first administrators.", no_args_is_help=True)
agreements_app = typer.Typer(help="Agreements that both have signed.", no_args_is_help=True)
keys_app = typer.Typer(help="The key that wraps every proposal's own.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(lists_app, name="lists")
app.add_typer(demo_app, name="demo")
app.add_typer(records_app, name="records")
app.add_typer(people_app, name="people")
app.add_typer(keys_app, name="keys")
app.add_typer(agreements_app, name="agreements")


@lists_app.callback(invoke_without_command=True)
def _lists(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def up() -> None:
    """Start everything and keep it running: Temporal, worker and API, until Ctrl-C."""
    from cli.supervisor import Supervisor

    settings = _settings()
    for name in settings_module.unknown_names():
        typer.echo(f"{name} is no setting of Accord's; see `accord config`.", err=True)
    raise typer.Exit(Supervisor(settings).run())


@app.command()
def serve() -> None:
    """Serve the API; the engine must be running."""
    settings = _prepared()
    from cli.serving import serve as run

    _until_ended(run(settings), grace=_SERVING_GRACE_SECONDS)


@app.command()
def work() -> None:
    """Run the worker, which moves proposals on; the engine must be running."""
    settings = _prepared()
    from cli.working import work as run

    _until_ended(run(settings))


@app.command("take-over")
def take_over() -> None:
    """Send all proposals to this version of the workflow code: back to an earlier one."""
    settings = _prepared()
    from cli.working import take_over as run

    _until_ended(run(settings))


@app.command()
def migrate(
    grant_to: Annotated[
        str | None,
        typer.Option(help="The role of PostgreSQL that runs Accord and owns no table."),
    ] = None,
) -> None:
    """Bring the database, and an outside engine's namespace, to this version."""
    settings = _prepared()
    from cli.storing import migrate as run

    _until_ended(run(settings, grant_to))


@app.command()
def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Record again what only the workflows hold.")
    ] = False,
) -> None:
    """Recompute every chain and compare it with everything else; 1 says that they differ."""
    settings = _prepared()
    from cli.verifying import verify as run

    options = {"repair": True} if repair else {}
    raise typer.Exit(_until_ended(run(settings, **options)))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for this backup.")],
) -> None:
    """Copy store and engine, while they run; the wrapping key is never part of it."""
    settings = _settings()
    from cli.backups import back_up

    raise typer.Exit(back_up(settings, folder))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
) -> None:
    """Bring a backup into a data folder that holds no stores; the key must be there."""
    settings = _settings()
    from cli.backups import restore as run

    raise typer.Exit(run(settings, folder))


@app.command()
def config() -> None:
    """Show every setting, its value, where it is from and what it means."""
    settings = settings_module.load()
    for each in settings_module.described(settings):
        source = "from the environment" if each.is_set else "default"
        otherwise = f"; default: {each.default}" if each.is_set and each.default else ""
        value = each.value or (f"({each.default})" if each.default else "(none)")
        typer.echo(f"{each.name}={value}  [{source}{otherwise}]")
        typer.echo(f"    {each.meaning}")
    for name in settings_module.unknown_names():
        typer.echo(f"{name} is no setting of Accord's.", err=True)


@policy_app.command("check")
def policy_check(
    path: Annotated[
        Path, typer.Argument(help="The folder of the policy files.", show_default="policy")
    ] = REPOSITORY / "policy",
) -> None:
    """Say what is wrong in the policy files, and where."""
    from cli.policies import check

    raise typer.Exit(check(path))


@policy_app.command("rehearse")
def policy_rehearse(
    draft: Annotated[
        Path, typer.Argument(help="A program file that is not published.", exists=True)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as one object.")] = False,
) -> None:
    """Live past proposals again under draft terms, and say what would have differed."""
    settings = _prepared()
    from cli.rehearsing import rehearse as run

    raise typer.Exit(_until_ended(run(settings, draft, as_json=as_json)))


@policy_app.command("migrate")
def policy_migrate(
    version: Annotated[str, typer.Argument(help="The newer terms, such as CTCBP/2027-04-01.")],
    person: Annotated[
        str, typer.Option("--as", help="The address of the programme officer who does it.")
    ],
    move: Annotated[
        bool, typer.Option("--move/--preview", help="Move them; otherwise only show it.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why they are moved; for the record.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="A proposal; may be given again. Otherwise all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show what newer terms would change for each proposal under way, or move them."""
    if move and not (reason or "").strip():
        typer.echo("Say why with --reason.", err=True)
        raise typer.Exit(2)
    settings = _prepared()
    from cli.moving_terms import migrate as run

    why = reason if move else None
    raise typer.Exit(
        _until_ended(run(settings, version, person, reason=why, only=only or [], as_json=as_json))
    )


@lists_app.command("import")
def lists_import(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of lists.")],
) -> None:
    """Take a snapshot of each list, say what changed, and screen again everything alive."""
    settings = _prepared()
    from cli.lists import import_files

    raise typer.Exit(0 if _until_ended(import_files(settings, files)) else 1)


@agreements_app.command("begin")
def agreements_begin() -> None:
    """Begin the agreements that were signed before agreements had lives of their own."""
    settings = _prepared()
    from cli.agreements import begin as run

    raise typer.Exit(_until_ended(run(settings)))


@records_app.command("dispose")
def records_dispose(
    apply: Annotated[
        bool, typer.Option("--apply", help="Dispose of it; otherwise it is only shown.")
    ] = False,
) -> None:
    """Show what the retention rules let go now, or dispose of it."""
    settings = _prepared()
    from cli.records import dispose as run

    raise typer.Exit(_until_ended(run(settings, apply=apply)))


@records_app.command("hold")
def records_hold(
    reference: Annotated[str, typer.Argument(help="The proposal.")],
    reason: Annotated[str, typer.Option(help="Why it is kept.")],
) -> None:
    """Put a proposal on legal hold: nothing of it is disposed of, and its key stays."""
    settings = _prepared()
    from cli.records import hold as run

    raise typer.Exit(_until_ended(run(settings, reference, reason)))


@records_app.command("release")
def records_release(
    reference: Annotated[str, typer.Argument(help="The proposal.")],
) -> None:
    """Lift a legal hold."""
    settings = _prepared()
    from cli.records import release as run

    raise typer.Exit(_until_ended(run(settings, reference)))


@records_app.command("holds")
def records_holds() -> None:
    """Show what is on legal hold."""
    settings = _prepared()
    from cli.records import holds as run

    raise typer.Exit(_until_ended(run(settings)))


@records_app.command("destroy-key")
def records_destroy_key(
    reference: Annotated[str, typer.Argument(help="A closed proposal.")],
) -> None:
    """Destroy a closed proposal's data key: its history in the engine is read no more."""
    settings = _prepared()
    from cli.records import destroy_key as run

    raise typer.Exit(_until_ended(run(settings, reference)))


@people_app.callback()
def _people() -> None:
    """People are invited over the API by administrators; the first two of these are made here."""


@people_app.command("invite")
def people_invite(
    name: Annotated[str, typer.Option(help="The person's name.")],
    email: Annotated[str, typer.Option(help="The address that they sign in with.")],
    role: Annotated[str, typer.Option(help="`administrator`; all others are granted.")],
    language: Annotated[str, typer.Option(help="en or fr.")] = "en",
) -> None:
    """Make one of the first two administrators, and print their link to a password."""
    settings = _prepared()
    from cli.people import invite as run

    raise typer.Exit(_until_ended(run(settings, name, email, role, language)))


@keys_app.command("new")
def keys_new() -> None:
    """Make the key that all processes on one database share, at ACCORD_KEY_FILE."""
    from cli.secrets import make_wrapping_key

    path = _settings().key_file
    make_wrapping_key(path)
    typer.echo(f"{path} is made; keep a copy apart from every backup.")


@keys_app.command("rotate")
def keys_rotate() -> None:
    """Let a new wrapping key take over; may be cut off and run again."""
    settings = _prepared()
    from cli.keys import rotate as run

    raise typer.Exit(_until_ended(run(settings)))


@demo_app.command("run")
def demo_run(
    url: Annotated[
        str | None, typer.Option(help="Where Accord answers; by default, where the settings say.")
    ] = None,
    password: Annotated[
        str | None, typer.Option(help="The password of the accounts; by default, Accord is asked.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="A project of the sample; may be given again.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many proposals at a time.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show only the summary.")] = False,
) -> None:
    """Take the sample's projects through a running Accord, from draft to agreement."""
    settings = settings_module.load()
    from cli.demo import run

    if password is None and settings.demo_password is not None:
        password = settings.demo_password.get_secret_value()
    code = run(url=url or settings.url, password=password, only=only, jobs=jobs, quiet=quiet)
    raise typer.Exit(code)


def main() -> NoReturn:
    """Run a command; what cannot be done for want of a setting or a part is one sentence."""
    if sys.stdin is None:
        # Closed by whoever started this: nothing else may take its place by chance.
        os.open(os.devnull, os.O_RDONLY)
    try:
        app(prog_name="accord", standalone_mode=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Unusable as why:
        print(why, file=sys.stderr)  # noqa: T201 - told to the operator
        code = EXIT_UNUSABLE
    except ImportError as missing:
        print(  # noqa: T201 - told to the operator
            f"Accord cannot be loaded ({missing}); `make clean up` installs everything again.",
            file=sys.stderr,
        )
        code = EXIT_UNUSABLE
    _leave(code)


def _settings() -> Settings:
    return settings_module.load().check_may_start()


def _prepared() -> Settings:
    """Return the settings of a process that works with the store: logs and the key are ready."""
    settings = _settings()
    from cli.logging import configure
    from cli.secrets import wrapping_key

    configure(settings)
    settings_module.make_data_folder(settings)
    wrapping_key(settings)
    return settings.with_database_password()


def _until_ended(main: Coroutine[Any, Any, T], *, grace: float = 0.0) -> T:
    """Run until done, or until SIGTERM cancels it, once; a cancelled one has ended well.

    One that hears signals itself, as uvicorn does, is given *grace* seconds to end by itself.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()

        async def cancellable() -> T:
            task = asyncio.ensure_future(main)
            signals: list[int] = []

            # Not `add_signal_handler`: it would still be called while uvicorn, which replaces
            # handlers, ends its connections in good order. Uvicorn sends the signal again when
            # it is done; what is left to close then must not be cancelled half-way.
            def end(number: int, _frame: object) -> None:
                if not signals:
                    loop.call_soon_threadsafe(lambda: loop.call_later(grace, task.cancel))
                signals.append(number)

            signal.signal(signal.SIGTERM, end)
            return await task

        try:
            return runner.run(cancellable())
        except asyncio.CancelledError:
            raise typer.Exit(0) from None


def _leave(code: int) -> NoReturn:
    """End this process.

    Temporal's client can crash the interpreter while it shuts down, after everything has gone
    well; nothing is left to be done by then, so the interpreter is left out.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    if "temporalio" in sys.modules:
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
