import logging
import sys

from git import GitCommandError, InvalidGitRepositoryError, Repo
from git.remote import FetchInfo

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(message)s")
logger = logging.getLogger("refresh")


class Refresher:
    """Keeps one checkout up to date.

    Args:
        path: Root of the checkout.
        remote: Name of the remote to pull from.
    """

    def __init__(self, path, remote="origin"):
        try:
            self.repo = Repo(path)
        except InvalidGitRepositoryError:
            logger.error("%s is no checkout", path)
            raise SystemExit(3)
        self.remote = self.repo.remote(remote)
        self.history = []

    def refresh(self):
        before = self.repo.head.commit
        try:
            infos = self.remote.pull()
        except GitCommandError as exc:
            logger.error("pull failed with status %s", exc.status)
            return False
        for info in infos:
            if info.flags & FetchInfo.HEAD_UPTODATE:
                logger.info("%s is up to date", info.name)
        changed = before.hexsha != self.repo.head.commit.hexsha
        self.history.append(changed)
        if changed:
            for diff in before.diff(self.repo.head.commit):
                logger.info("%s %s", diff.change_type, diff.b_path)
        return changed


job = Refresher(".")
while job.refresh():
    logger.info("again, to be sure")
logger.info("refreshes that brought something: %d of %d", sum(job.history), len(job.history))
