"""The command line: what can be asked for. What each command does is in `commands`, loaded when one runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn, TypeAlias

from mtfix import __version__
from mtfix.files import InputError
from mtfix.options import STRENGTHS, OptionsError
from mtfix.result import SEVERITIES

_EPILOG = """\
examples:
  mtfix clean story.txt                      print the repaired text
  mtfix clean story.txt --diff               print what would change, and why
  mtfix clean story.txt --report story.html  also write a page that explains every change
  mtfix check *.txt                          list the places that may be translation errors
  mtfix rules explain ID                     what a rule finds, and why
  mtfix names *.txt --format csv             list the names and their spellings, as a glossary to correct
  mtfix batch in.jsonl out.jsonl --column text --workers 4

exit codes: 0 done, 1 issues found (check) or examples that fail (rules test), 2 bad usage or input,
3 batch finished with rejected rows
"""

_BUILD_GAZETTEER = "names build-gazetteer"


class _Parser(argparse.ArgumentParser):
    """Reports bad usage in one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see {self.prog} --help")


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        given = list(sys.argv[1:] if argv is None else argv)
        if given[:2] == _BUILD_GAZETTEER.split():  # beside "names FILE", which argparse can't tell from it
            given[:2] = [_BUILD_GAZETTEER]
        arguments = _parser().parse_args(given)
        from mtfix import commands

        code: int = getattr(commands, arguments.command.split()[-1].replace("-", "_"))(arguments)
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # --help and --version
        return int(stop.code or 0)
    except (InputError, OptionsError, ImportError) as error:  # ImportError: an extra that isn't installed
        return _fail(str(error))
    except BrokenPipeError:
        _silence_stdout()
        return 141
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _fail(f"{place}{error.strerror or error}")
    except KeyboardInterrupt:
        return 130


def _fail(message: str) -> int:
    print("mtfix:", " ".join(message.split()), file=sys.stderr)
    return 2


def _silence_stdout() -> None:
    """The reader is gone: keep the interpreter from complaining when it flushes at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mtfix",
        description="Repair English that came out of a machine translator, and change nothing else.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"mtfix {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_clean(commands)
    _add_check(commands)
    _add_batch(commands)
    _add_names(commands)
    _add_gazetteer(commands)
    _add_rules(commands)
    _add_evaluate(commands)
    _add_train(commands)
    return parser


def _add_clean(commands: _Commands) -> None:
    clean = commands.add_parser("clean", help="print the repaired text")
    clean.add_argument("file", metavar="FILE", help="text file, or - for standard input")
    clean.add_argument("--output", metavar="FILE", help="write the repaired text here, not to standard output")
    clean.add_argument("--diff", action="store_true", help="print the changes with their reasons, not the text")
    clean.add_argument("--report", metavar="FILE", help="also write an HTML page that explains every change")
    _add_color(clean)
    _add_decoding(clean)
    _add_options(clean)


def _add_check(commands: _Commands) -> None:
    check = commands.add_parser("check", help="list what may be translation errors; exit code 1 if there are any")
    check.add_argument("files", metavar="FILE", nargs="+", help="text files, or - for standard input")
    check.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text", help="default: text")
    check.add_argument("--min-severity", choices=SEVERITIES, default="neutral", help="only these and worse")
    check.add_argument("--baseline", metavar="FILE", help="JSON of an earlier run: only what is new since")
    _add_color(check)
    _add_decoding(check)
    _add_options(check)


def _add_batch(commands: _Commands) -> None:
    batch = commands.add_parser("batch", help="repair a corpus: JSON Lines, CSV, TSV, Parquet or text")
    batch.add_argument(
        "input",
        metavar="IN",
        nargs="+",
        help="files, folders, patterns, or - for standard input; what the run writes, and *.rejects.jsonl, is left out",
    )
    batch.add_argument("output", metavar="OUT", help="file, folder for several inputs, or - for standard output")
    batch.add_argument(
        "--column", action="append", metavar="NAME", help="column to repair, may be given again; default: text"
    )
    formats = "jsonl, csv, tsv, parquet, text (a document a line) or document (one a file); .gz or .zst after it"
    batch.add_argument("--format", metavar="KIND", help=f"of the input, if names don't tell: {formats}")
    batch.add_argument("--output-format", metavar="KIND", help="of the output, if its name doesn't tell")
    batch.add_argument("--encoding", metavar="NAME", help="encoding of the corpus; default: UTF-8")
    batch.add_argument("--workers", type=_at_least_one, metavar="N", help="processes; default: one for each core")
    batch.add_argument("--engine", choices=("local", "ray"), default="local", help="default: local, this machine")
    batch.add_argument("--address", metavar="ADDRESS", help="of a Ray cluster; default: Ray on this machine alone")
    batch.add_argument("--resume", action="store_true", help="go on with a run that was cut off")
    batch.add_argument("--dry-run", action="store_true", help="write the report and the summary, and no output")
    batch.add_argument("--report", metavar="FILE", help="issues and edits of each row, as .jsonl or .parquet")
    batch.add_argument(
        "--summary", action="append", metavar="FILE", help="counts and examples, as .json or .html; may be given again"
    )
    batch.add_argument(
        "--rejects",
        metavar="FILE",
        help="rows left alone, with reasons, as .jsonl; empty if there are none; default: OUT.rejects.jsonl, if any",
    )
    batch.add_argument(
        "--max-chars", type=_at_least_one, default=100_000, metavar="N", help="longer texts are left; default: 100000"
    )
    batch.add_argument(
        "--row-timeout", type=_at_least_one, default=120, metavar="SECONDS", help="for one row; default: 120"
    )
    batch.add_argument(
        "--names-registry",
        metavar="FILE",
        help="one spelling for a name over the whole corpus: if FILE is new, a first pass fills it; cut off, that pass"
        " begins anew",
    )
    _add_options(batch)


def _add_names(commands: _Commands) -> None:
    names = commands.add_parser("names", help="list the names of documents, how they are spelt, and how they should be")
    names.add_argument("files", metavar="FILE", nargs="+", help="text files, a document each, or - for standard input")
    names.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="csv: a glossary to correct and give back with --glossary; default: table",
    )
    names.add_argument("--varying", action="store_true", help="only names with several spellings")
    _add_decoding(names)
    names.add_argument("--source", metavar="LANG", help="language it was translated from (ar, ru, zh, …)")
    names.add_argument("--glossary", metavar="FILE", help="canonical spellings")
    names.add_argument("--gazetteer", metavar="FILE", help="known names with their variants")


def _add_rules(commands: _Commands) -> None:
    rules = commands.add_parser("rules", help="list or explain the rules, or test your own")
    actions = rules.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="list the rules")
    listed.add_argument("--source", default="auto", metavar="LANG", help="only those for this language (ar, ru, …)")
    listed.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    explained = actions.add_parser("explain", help="print all about one rule")
    explained.add_argument("id", metavar="ID", help="as mtfix check and mtfix rules list print it")
    tested = actions.add_parser("test", help="run the examples of your rules; exit code 1 if one fails")
    tested.add_argument("files", metavar="FILE", nargs="+", help="YAML, as mtfix/rules/general.yaml describes it")


def _add_gazetteer(commands: _Commands) -> None:
    gazetteer = commands.add_parser(_BUILD_GAZETTEER, help="make a gazetteer of names that no other sounds like")
    gazetteer.add_argument("input", metavar="IN", help="Wikidata dump (.json), or table with canonical,variants,count")
    gazetteer.add_argument("output", metavar="OUT", help="the gazetteer (.csv); use it with --gazetteer OUT")
    gazetteer.add_argument(
        "--least",
        type=_at_least_one,
        default=1,
        metavar="N",
        help="only names with articles in so many Wikipedias, or with so high a count; default: 1",
    )


def _add_evaluate(commands: _Commands) -> None:
    evaluate = commands.add_parser("evaluate", help="score against references, beside doing nothing")
    evaluate.add_argument("--set", required=True, metavar="NAME", help="test set, such as mlqe-pe")
    evaluate.add_argument("--data", required=True, metavar="DIR", help="folder that holds the test set")
    evaluate.add_argument("--split", default="test20", metavar="NAME", help="default: test20")
    evaluate.add_argument("--limit", type=_at_least_one, metavar="N", help="only the first N sentences of each part")
    evaluate.add_argument("--changes", metavar="FILE", help="write every sentence that was changed, one JSON line each")
    _add_options(evaluate)


def _add_train(commands: _Commands) -> None:
    train = commands.add_parser("train", help="fine-tune the model on your own post-edits")
    train.add_argument("pairs", metavar="PAIRS", help="JSON Lines with the fields mt (hypothesis) and pe (post-edit)")
    train.add_argument("output", metavar="OUT", help="folder for the new model; use it with --model OUT")
    train.add_argument("--model", metavar="NAME", help="model to start from; default: the shipped one")
    train.add_argument("--minutes", type=float, default=20.0, metavar="N", help="how long to train; default: 20")
    train.add_argument("--rate", type=float, default=3e-5, metavar="R", help="learning rate; default: 3e-5")
    train.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")


def _add_color(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default: auto, on a terminal unless NO_COLOR is set",
    )


def _add_decoding(parser: argparse.ArgumentParser) -> None:
    decoding = parser.add_argument_group("decoding")
    decoding.add_argument("--encoding", metavar="NAME", help="encoding of the input; default: UTF-8")
    decoding.add_argument(
        "--fix-encoding",
        action="store_true",
        help="decode leniently and repair mojibake; the output is UTF-8",
    )


def _add_options(parser: argparse.ArgumentParser) -> None:
    """The fields of `Options`; what isn't given keeps the default there."""
    options = parser.add_argument_group("options")
    options.add_argument("--strength", choices=STRENGTHS, help="how much to change; default: conservative")
    options.add_argument("--source", metavar="LANG", help="language it was translated from (ar, ru, zh, …)")
    options.add_argument("--glossary", metavar="FILE", help="canonical spellings and terms not to touch")
    options.add_argument("--gazetteer", metavar="FILE", help="known names with their variants")
    options.add_argument("--rules", metavar="FILE", action="append", help="your own rules; may be given several times")
    options.add_argument("--ignore", metavar="FILE", help="keys of issues to leave alone, one a line")
    options.add_argument("--categories", metavar="A,B", help="only these MQM issue types")
    options.add_argument(
        "--no-known-names",
        dest="known_names",
        action="store_false",
        default=None,
        help="do without the names that mtfix ships",
    )
    options.add_argument("--no-names", dest="names", action="store_false", default=None, help="leave names alone")
    options.add_argument(
        "--no-regenerate", dest="regenerate", action="store_false", default=None, help="do without the model"
    )
    options.add_argument("--model", metavar="NAME", help="model name, folder, or Hugging Face seq2seq id")
    options.add_argument("--prefix", metavar="TEXT", help="what a Hugging Face model wants before each sentence")
    options.add_argument("--backend", choices=("ctranslate2", "torch"), help="default: ctranslate2")
    options.add_argument("--device", choices=("cpu", "cuda"), help="default: cpu")
    options.add_argument("--threads", type=_at_least_one, metavar="N", help="CPU threads of the model")


def _at_least_one(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"“{value}” isn't a whole number from 1 up")
    return number


if __name__ == "__main__":
    sys.exit(main())
