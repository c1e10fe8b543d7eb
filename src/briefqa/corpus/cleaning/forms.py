"""What lines that pages set around their articles look like, where no list can hold them all. Each is matched against
the whole of a unit's plain text, which is short (`units.LONG_LINE`): that bounds what a pattern can cost."""

from __future__ import annotations

import re

COMMENT_COUNT = re.compile(
    r"\d+ thoughts on .*|(?:permalink |view |show |see |read )?(?:all )?(?:\d[\d.,]*|no) (?:comments?|replies"
    r"|responses|kommentare?|commentaires?|comentarios?|comentários?|commenti|комментари\w{1,3})(?: yet| so far"
    r"| feed for comments.*)?(?: (?:on|to|for) .*)?"
)
SHARE_COUNT = re.compile(r"\d[\d.,]*\s?[km]?\s?(?:shares?|likes?|views?|tweets?|retweets?|reads?|просмотр\w{0,3})")
SHARE_LINE = re.compile(
    r"(?:click )?to (?:share|email|print|tweet)\b.{0,60}|(?:(?:share|tweet|pinterest|pin|email|print|facebook|twitter"
    r"|linkedin|pinterest|whatsapp|reddit|tumblr|telegram|instagram|youtube|flipboard|google\+|rss|messenger"
    r"|copy link|copy|link|mail|more|save|x|via|on|to|this|with|follow|us|like|sms|sponsor|spot_img)"
    r"[\s,|/·•:&+-]*+){2,}+\d*"
)
COPYRIGHT = re.compile(
    r"(?:copyright|c\))\b.{0,60}\b(?:19|20)\d\d\b.*|.*\ball rights? reserved|.*alle rechte vorbehalten"
    r"|.*tous droits réservés|.*todos los derechos reservados|.*todos os direitos reservados"
    r"|.*tutti i diritti riservati|.*все права защищены"
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
CONSENT = re.compile(
    r"(?:this|our) (?:web)?site uses cookies.*|we use cookies.*|by (?:continuing|using|clicking|signing"
    r"|subscribing|submitting)\b.*\b(?:you (?:agree|accept|consent)|cookies?)\b.*|.*\byou (?:agree"
    r"|consent) to (?:our|the) (?:terms|use of|cookie|privacy).*|.*\baccept (?:all )?cookies.*"
    r"|.*\bcookie (?:policy|settings|preferences)\b.*|diese (?:web)?seite verwendet cookies.*"
    r"|wir verwenden cookies.*|ce site utilise des cookies.*|nous utilisons des cookies.*"
    r"|este sitio (?:web )?utiliza cookies.*|utilizamos cookies.*|(?:этот|наш) сайт использует .*cookie.*"
    r"|мы используем .*cookie.*|.*\bpersonal data\b.*\bconsent\b.*|.*\bthis site is protected by recaptcha.*"
    r"|.*\bspam\. learn how your comment data.*"
)
SUBSCRIPTION = re.compile(
    r"(?:please )?(?:sign ?up|subscribe|register|join)\b.*\b(?:newsletters?|inbox|mailing list|youtube channel)\b.*"
    r"|(?:sign up|subscribe) (?:to|for|now|today|here)\b.*|get (?:the|our|your|all|breaking|daily"
    r"|more)\b.*\b(?:newsletters?|inbox|e-?mails?|delivered)\b.*|.*\b(?:delivered|straight|directly"
    r"|sent) (?:straight |directly |right )?(?:to|in) your (?:inbox|e-?mail).*|(?:follow|like|find|join) (?:us"
    r"|me) on\b.*|.*\bour (?:free )?(?:daily |weekly |morning |e-?mail )*newsletters?\b.*"
    r"|(?:already )?(?:a subscriber|have an account|a member)\b.*|.*\bunsubscribe\b.*|enter your e-?mail.*"
    r"|your e-?mail(?: address)?|download (?:the|our)\b.*\bapp\b.*|thank you for subscribing.*"
    r"|you have been successfully subscribed.*|abonnieren sie\b.*|.*\bunseren newsletter\b.*|abonnez-vous\b.*"
    r"|inscrivez-vous\b.*|suscríbete\b.*|подпис(?:ывайтесь|аться)\b.*"
)
AFFILIATE = re.compile(
    r"(?:disclosure|disclaimer|ftc|we|our|this (?:post|article|page|site)|if you|when you|some of|as an?|note"
    r"|\w+ may)\b.*"
    r"\b(?:affiliate (?:links?|commission)|participant in the amazon|earn (?:an? )?(?:affiliate )?commission"
    r"|get a share of the sale)\b.*"
)
POINTER = re.compile(
    r"(?:see also|related|read also|also read|read more|read next|read|more|see more|watch|watch also"
    r"|recommended|don't miss|must read|you may also like|see also related content|related (?:articles?|stor(?:y"
    r"|ies)|content|coverage|news)|lesen sie auch|mehr zum thema|lire aussi|à lire aussi|lea también"
    r"|читайте также|по теме)\s?:\s?\S.*"
)
"""A pointer to another article, in a line with its headline."""
HEADING_FORM = re.compile(
    r"(?:more|latest|recent|top|other|related|most read|most popular|popular|trending|featured|recommended|sponsored"
    r"|promoted|all|editors?'?s?) (?:\w+ ){0,2}(?:stories|articles|posts|headlines|videos|picks|reads|news|content"
    r"|links|coverage)|(?:this |the |today|last )?(?:week|month|day)?(?:'s)? ?(?:top|most read|most popular)"
    r" (?:stories|articles|posts)|more \S+ news"
)
"""Headings of lists of other articles."""
LOOSE_HEADING_FORM = re.compile(
    r"(?:more|latest|top stories|trending|popular|most read|recommended|news|headlines|stories)"
    r" (?:from|in|on|about|by|for) (?:the )?\S+(?: \S+){0,3}"
)
"""Those that articles may have for headings of their own."""
WHEN = re.compile(
    r"(?:updated )?\d{1,3} ?(?:m|h|d|s|hrs?|mins?|hours?|minutes?|days?|weeks?|months?|years?) ago|(?:an?"
    r"|one) (?:hour|day|week|month|year) ago"
    r"|(?:yesterday|today|(?:mon|tues|wednes|thurs|fri|satur|sun)day),? \d{1,2}:\d\d ?(?:am|pm)?|yesterday"
    r"|vor \d+ (?:minuten|stunden|tagen)|il y a \d+ \w+"
    r"|hace \d+ \w+|\d+ (?:минут|час|дн|день)\w* назад"
)
"""How long ago another story came out."""
DATE = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:(?:\w{3,9}\.? \d{1,2}(?:st|nd|rd"
    r"|th)?|\d{1,2}\.? \w{3,9}),? (?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19"
    r"|20)\d\d-\d\d-\d\d)(?: ?(?:at|[-–|/,]) ?| )?(?:\d{1,2}[:.]\d\d.{0,12})?"
)
COMMENTER = re.compile(r".{1,40} (?:says|wrote|commented|schreibt|dit|dice)")
BIOGRAPHY = re.compile(
    r"(?:[^\s.]+ ){1,5}is (?:an? |the |currently |also )+(?:[^\s.]+ ){0,8}(?:reporter|journalist|writer|editor"
    r"|correspondent|columnist|blogger|contributor|author|freelancer|fellow|intern|producer|photographer)\b.*"
    r"|(?:[^\s.]+ ){1,15}alumn(?:i|us|a|ae)\b.*\bcover(?:s|ing)\b.*|(?:[^\s.]+ ){1,4}(?:covers|writes about"
    r"|reports on|has written for|has covered)\b.*|(?:[^\s.]+ ){1,3}(?:ist|war) (?:freie[rs]? )?(?:redakteur"
    r"|journalist|autor|korrespondent)(?:in)?\b.*"
)
"""Of an author, below the article."""
CREDIT = re.compile(
    r"(?:\(?(?:photos?|photograph|picture|image|images|foto|photo credit|image credit|picture credit|credit|bild"
    r"|фото|crédit photo|bildquelle)(?: by| courtesy of| courtesy)?\s?[:/|©])\s?.{1,80}|.{0,60}\b(?:getty images"
    r"|shutterstock|afp|reuters|ap photo|istock|epa)\b(?: via .{1,40})?"
)
PICTURE = re.compile(
    r"image \d+ of /? ?\d+|\d+ ?/ ?\d+|slide \d+ of \d+|photo \d+ of \d+|caption|hide caption|toggle caption"
    r"|enlarge|enlarge this image|back to gallery|view gallery|show caption|enlarge image|click to enlarge|image"
    r"|loading|play|play video|video|pause|mute"
)
SEVERAL_LINKS = re.compile(r"(?:[^\n.!?|•·\u203a»<>]{1,30}(?:[|•·\u203a»]| > )\s?){2,}+[^\n.!?|•·\u203a»<>]{0,40}")
"""A menu, or the path to a page, in one line."""
RUN_TOGETHER = re.compile(r"(?:[A-ZÄÖÜ][a-zäöüß]{2,}(?: [A-ZÄÖÜ][a-zäöüß]+)*){4,}+")
"""Links that stood beside one another, copied without spaces; matched against the text as it is."""
COUNTED = re.compile(r"\D{1,40}\s?\(\d{1,5}|\D{1,40}\s?\[\d{1,5}")
"""A category, with how many articles it has."""
