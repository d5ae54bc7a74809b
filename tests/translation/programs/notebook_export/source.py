#!/usr/bin/env python
# coding: utf-8

# # How did the prices change between releases?

# In[1]:


import io
import csv
import git

repo = git.Repo('.')
repo


# In[2]:


def read(rev):
    data = repo.commit(rev).tree['data']['prices.csv'].data_stream.read()
    return [int(row['price']) for row in csv.DictReader(io.StringIO(data.decode('utf8')))]


# In[3]:


versions = [str(t) for t in repo.tags]
prices = {v: read(v) for v in versions}
prices


# In[4]:


for v in versions:
    print(v, len(prices[v]), sum(prices[v]) / len(prices[v]))


# Save it, so that the slides can use it.

# In[5]:


with open('data/by_release.csv', 'w') as f:
    f.write('release,rows,mean\n')
    for v in versions:
        f.write('{},{},{:.2f}\n'.format(v, len(prices[v]), sum(prices[v]) / len(prices[v])))

index = repo.index
index.add(['data/by_release.csv'])
index.commit('Compare releases')
repo.remotes[0].push()
