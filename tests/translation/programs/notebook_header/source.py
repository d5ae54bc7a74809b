# %%
import git

repo = git.Repo('.', search_parent_directories=True)

# %%
print('message :', repo.head.commit.message.strip())
print('branch  :', repo.active_branch)
print('remote  :', repo.remotes.origin.url.split('/')[-1])
print('commits :', len(list(repo.iter_commits())))
