"""What a candidate meets in the browser: the links of their mail, and one page of all their applications.

No login, no script, nothing from elsewhere: who has the link acts. GET shows and changes nothing, only POST acts. What a form says becomes
facts, said by the candidate through the façade like anybody's; nothing is decided here, and no rule of the guide is kept here.

`routes` answers; `forms` are what can be said, `said` reads them; `sections` and `story` are what the page shows, `html` how.
"""
