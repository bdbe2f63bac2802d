"""The HTTP API: the façade for programs in any language. It checks keys, reads bodies, words problems, keeps private text in; no more."""
