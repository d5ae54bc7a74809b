"""Doctor: are the settings of this clone what the team agreed on?"""
import configparser

import git

WANTED = {
    ("pull", "rebase"): "true",
    ("core", "autocrlf"): "input",
    ("user", "email"): "ada@example.com",
}


def setting(repo, section, option):
    try:
        return str(repo.config_reader().get_value(section, option)).lower()
    except (configparser.NoSectionError, configparser.NoOptionError):
        return None


def fix(repo, section, option, value):
    writer = repo.config_writer("repository")
    writer.set_value(section, option, value)
    writer.release()


repo = git.Repo()
for (section, option), value in WANTED.items():
    found = setting(repo, section, option)
    if found == value:
        print(f"ok     {section}.{option}")
    else:
        fix(repo, section, option, value)
        print(f"fixed  {section}.{option}: {found} -> {value}")

print(repo.git.config("--get", "pull.rebase"))
print(repo.git.config("--get", "core.autocrlf"))
