#!/usr/bin/env python3
"""dataver: versions of one data file, kept as git tags.

    dataver save FILE VERSION -m MESSAGE
    dataver list
    dataver show FILE VERSION
    dataver restore FILE VERSION
"""
import argparse
import sys
from pathlib import Path

import git

PREFIX = "data-"


def die(message):
    print("error:", message)
    return 1


def versions(repo):
    return [tag for tag in repo.tags if tag.name.startswith(PREFIX)]


def save(repo, args):
    tag = PREFIX + args.version
    if tag in [t.name for t in versions(repo)]:
        return die(f"{args.version} exists")
    repo.index.add([args.file])
    repo.index.commit(args.message)
    repo.create_tag(tag, message=args.message)
    origin = repo.remote("origin")
    origin.push()
    origin.push(tag)
    print("saved", args.file, "as", args.version)
    return 0


def list_versions(repo, args):
    for tag in versions(repo):
        print(f"{tag.name[len(PREFIX):]:<8} {tag.tag.message}")
    return 0


def content(repo, args):
    try:
        commit = repo.tags[PREFIX + args.version].commit
        return (commit.tree / args.file).data_stream.read()
    except (IndexError, KeyError):
        return None


def show(repo, args):
    data = content(repo, args)
    if data is None:
        return die(f"no {args.file} in {args.version}")
    print(data.decode(), end="")
    return 0


def restore(repo, args):
    data = content(repo, args)
    if data is None:
        return die(f"no {args.file} in {args.version}")
    Path(args.file).write_bytes(data)
    print("restored", args.file)
    return 0


def build_parser():
    parser = argparse.ArgumentParser(prog="dataver")
    commands = parser.add_subparsers(dest="command", required=True)
    saving = commands.add_parser("save")
    saving.add_argument("file")
    saving.add_argument("version")
    saving.add_argument("-m", "--message", default="New version")
    saving.set_defaults(run=save)
    commands.add_parser("list").set_defaults(run=list_versions)
    for name, function in (("show", show), ("restore", restore)):
        command = commands.add_parser(name)
        command.add_argument("file")
        command.add_argument("version")
        command.set_defaults(run=function)
    return parser


def main(argv):
    args = build_parser().parse_args(argv)
    try:
        repo = git.Repo(".")
    except git.InvalidGitRepositoryError:
        return die("not a repository")
    return args.run(repo, args)


def demo():
    """What a user would type over a week."""
    table = Path("data/cities.csv")
    codes = [main(["save", str(table), "1", "-m", "As delivered"])]
    table.write_text(table.read_text() + "Paris,48.9,2.4\n")
    codes.append(main(["save", str(table), "2", "-m", "With Paris"]))
    codes.append(main(["save", str(table), "2"]))
    codes.append(main(["list"]))
    codes.append(main(["show", str(table), "1"]))
    codes.append(main(["show", str(table), "9"]))
    codes.append(main(["restore", str(table), "1"]))
    print(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else demo())
