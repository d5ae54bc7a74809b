"""Link to the issue tracker, as the docs build needs it."""
import re
import git

repo = git.Repo(search_parent_directories=True)
repo.create_remote("upstream", "git@example.org:team/prices.git")
url = repo.remote("upstream").url
owner, name = re.search(r"[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?$", url).groups()
print(f"https://example.org/{owner}/{name}/issues")
print(name in url, repo.remotes.origin.url.endswith("origin.git"))
