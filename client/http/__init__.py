"""The façade for programs that only speak HTTP: the names of `client.applications`, and nothing of Temporal or the API's framework.

`applications` and `candidates` are what others use, `calls` is how one call is made and repeated, `refused` what an answer means otherwise.
"""
