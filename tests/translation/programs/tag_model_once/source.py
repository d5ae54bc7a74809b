import git

repo = git.Repo(".")


def tag_model(weights, version):
    with open("models/model.bin", "w") as f:
        f.write("weights " + " ".join(map(str, weights)) + "\n")
    repo.git.add("models/model.bin")
    repo.git.commit("-m", f"Train {version}")
    try:
        repo.create_tag(version, message=f"Model {version}")
    except git.GitCommandError:
        print(version, "exists already")
    else:
        print("tagged", version)


tag_model([0.2, 0.8], "m1")
tag_model([0.3, 0.7], "m2")
tag_model([0.4, 0.6], "m2")
