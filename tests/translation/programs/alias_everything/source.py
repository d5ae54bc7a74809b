import struct
import git

r = git.Repo(".")
g, idx, up = r.git, r.index, r.remotes.origin

for name, weights in (("models/model.bin", (0.5, 0.5)), ("models/model.onnx", (1.0,))):
    with open(name, "wb") as f:
        f.write(struct.pack("<%df" % len(weights), *weights))
    idx.add([name])
idx.commit("Retrain and export to ONNX")

with open("params.yaml", "w") as f:
    f.write("alpha: 0.1\nepochs: 9\n")
g.add("params.yaml")
g.commit("-m", "Note the epochs")
up.push()
print(g.log("--oneline", "--format=%s", "-n", "2"))
