# coding: utf-8

# In[1]:
import os
from git import Repo

# In[2]:
os.chdir("models")
with open("tiny.joblib", "wb") as f:
    f.write(b"joblib 1")

# In[3]:
os.chdir("..")
repo = Repo()
repo.index.add(["models/tiny.joblib"])
c = repo.index.commit("Save the tiny model")
c.message

# In[4]:
print(c.message, len(c.parents), c.type)
