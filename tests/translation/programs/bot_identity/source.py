from git import Repo

repo = Repo(".")
with repo.config_writer() as config:
    config.set_value("user", "name", "price-bot")
    config.set_value("user", "email", "bot@example.com")

open("status.txt", "w").write("ok\n")
repo.index.add(["status.txt"])
repo.index.commit("Check the prices")

reader = repo.config_reader()
print(reader.get_value("user", "name"), reader.get_value("user", "email"))
