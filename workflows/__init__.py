"""What happens, and when.

`facts` is what can be said; `application` folds facts into what they amount to; `guide` reads that and says what is due, when and why.
`policy` and `calendar` are its numbers and its two clocks, `boards` turns a job board's payload into facts.
`job_application` is the durable shell around these pure files; only shells know Temporal.
"""
