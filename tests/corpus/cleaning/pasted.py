"""Made-up articles, and pages around them, as a browser's copy has them."""

from __future__ import annotations

HEADLINE = "Harbour town votes to keep its old ferry running"
PARAGRAPHS = (
    "The council of Lowhaven voted on Tuesday to keep the ferry across the estuary for ten more years, against the"
    " advice of its own engineers.",
    "Mayor Ada Fenwick said that the bridge upstream would not be finished before the spring of 2031, and that nobody"
    " should have to drive forty kilometres to school.",
    "The ferry costs the town 1.4 million a year. Fares pay for a third of that; the county has promised to pay as much"
    " again.",
    "Engineers had warned that the hull, laid down in 1974, needs new plates before next winter.",
)
ARTICLE = f"{HEADLINE}\n\n" + "\n\n".join(PARAGRAPHS) + "\n"

MENU = "Skip to content\nSign In\nSubscribe\nHome\nNews\nWorld\nSports\nTides and Weather\nOpinion\nContact us\n"
SHARED = "Share on Facebook\nTweet\nPrint\n"
TEASERS = (
    "Related articles\n\nLighthouse keeper retires after fifty winters\n\nThe last keeper of the northern light put"
    " down his lamp and...\n\nFish prices climb again\n\nTraders at the morning market say that herring...\n"
)
FOOTER = "About us\nPrivacy policy\nTerms of use\n© 2026 The Lowhaven Courier. All rights reserved.\n"
COMMENTS = (
    "3 Comments\nJo Marsh says:\nMarch 4, 2026 at 9:12 am\nI have taken that boat every morning for thirty years and I"
    " hope that it outlives me.\nReply\nLeave a comment\nYour email address will not be published.\n"
)
STORY = (
    "Editor's choice\nNews\nGiant squid found on the west beach\n\nGiant squid found on the west beach\n\nA squid nine"
    " metres long was washed up on the west beach at dawn. Biologists came from the capital to measure it, and the"
    " school was closed so that the children could see it, too.\n"
)
