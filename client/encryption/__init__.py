"""What Temporal keeps for us is encrypted before it leaves this process: `keys` says with what, `codec` how, `missing` what cannot be read.

In the open stay only ids, names of the code's own, search attributes and times: see docs/encryption.md.
"""
