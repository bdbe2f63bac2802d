"""The codec server: reads and writes encrypted payloads for operators, in Temporal's UI and its command line.

`access` says who may, `app` what is answered. What it reads it keeps nowhere and logs nowhere.
"""
