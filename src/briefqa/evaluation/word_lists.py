"""Closed lists of English words, by which simple sentences are read: verbs, numerals, titles, countries."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(entry.split()) for entry in text.replace("\n", " ").split(","))


REGULAR_VERBS = _words(
    """
    accept accuse achieve acquire add admit adopt advise agree allow announce apologise apologize appeal appear apply
    appoint approve argue arrest arrive ask attack attend authorise authorize award back ban block call cancel capture
    cause cease change charge claim close collapse combine command complain complete conclude condemn confirm consider
    construct contain contribute control convert cooperate create criticise criticize cross damage decide declare
    decline defeat defend define delay deliver demand demolish deny depart deploy describe design destroy detain
    develop die direct disappear discover discuss dismiss dissolve divide double drop earn edit elect employ end enter
    escape establish estimate evacuate examine exceed expand expel expire explain export extend face fail file fill
    finish fire follow force form formulate found gain gather govern grant guarantee halt hand happen head help hire
    host identify impose improve include increase inform inherit initial initiate inspect install introduce invade
    invent invite issue join judge kill land last launch legalise legalize license limit link list live locate lower
    manage mark marry measure mediate mention merge move name negotiate nominate note observe occupy occur offer open
    operate oppose order organise organize own paint participate pass patent patrol pause perform permit pioneer place
    plan play pledge postpone praise predict prepare present prevent print privatise privatize produce promise promote
    propose prosecute protect provide publish purchase pursue raise ratify reach receive recognise recognize recommend
    record recover reduce refer regain register reject release relocate remain remove rename renew renounce reopen
    repeat replace report represent request require rescue resign resolve respond restore restrict resume retire
    return reveal review revise sack sail schedule score secure seize select serve settle share shell sign sponsor
    stage star start station stay stop storm strengthen study succeed suffer suggest summon supervise supply support
    surrender suspend target terminate threaten trade train transfer travel treat try turn unify unite unveil urge use
    visit vote want warn welcome work
    """
)
DOUBLING_VERBS = _words("admit ban cancel control drop expel patrol permit plan refer star stop transfer travel")
"""The regular verbs whose last letter is doubled in the past."""

IRREGULAR_VERBS = _table(
    """
    become became become, begin began begun, bring brought brought, build built built, buy bought bought, catch caught
    caught, choose chose chosen, come came come, cut cut cut, do did done, draw drew drawn, drive drove driven, fall
    fell fallen, fight fought fought, find found found, fly flew flown, freeze froze frozen, get got got, give gave
    given, go went gone, grow grew grown, hold held held, keep kept kept, lay laid laid, lead led led, leave left
    left, lose lost lost, make made made, meet met met, overthrow overthrew overthrown, pay paid paid, put put put,
    rise rose risen, run ran run, say said said, see saw seen, seek sought sought, sell sold sold, send sent sent, set
    set set, shoot shot shot, sink sank sunk, speak spoke spoken, spend spent spent, split split split, stand stood
    stood, strike struck struck, take took taken, teach taught taught, tell told told, think thought thought, undergo
    underwent undergone, undertake undertook undertaken, win won won, withdraw withdrew withdrawn, write wrote written
    """
)
"""Base form, past tense and participle."""

VAGUE_VERBS = _words("follow come do go get put give take see say tell think")
"""These tell too little by themselves."""

VERBS_ALONE = _words(
    """
    agree appeal appear apply arrive begin cease close collapse complain cooperate decide depart die disappear end
    escape expand expire fall fight fly gather happen land live meet merge move occur open operate participate perform
    remain resign retire return rise run sail serve settle sink speak split stand start stay stop surrender travel
    turn vote withdraw work
    """
)
"""Verbs that need no object."""

VERBS_OF_PLACE = _words("meet sign found open build hold die begin start launch speak")

AUXILIARIES = _words("was were had has have is are will would could can may must did does do")

UNCLEAR = _words(
    """
    it they he she them him i we you us me this these those that there here then such latter former so also again both
    other others another same too each either neither one ones some all any none many several few most more not no
    never nobody if whether which who whom whose when where while because although though unless however than as what
    how why thus later once meanwhile instead even just therefore still already every often twice itself himself herself
    themselves together towards behind besides
    """
)
"""Words that only a sentence before explains, or that lead into another clause."""

OWN = _words("its their his her")
PRONOUNS = _words("he she it they who which that there this these his her its their we i you our my")

PREPOSITIONS = _words(
    """
    of in on at by for from to with under over between after before during since until despite near among against
    without within through across beyond around about like following as into
    """
)

NUMERALS = _words(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety
    """
)
UNITS = _words(
    """
    million billion trillion hundred thousand percent per km kilometres metres miles votes years months weeks days
    hours minutes pm am of
    """
)
"""What is measured rather than counted, after a number."""

ROLES = _words(
    """
    president minister secretary general chairman chair chairwoman chairperson head leader director commander
    ambassador governor mayor spokesman spokeswoman spokesperson chief premier chancellor king queen founder inventor
    author editor architect engineer bishop archbishop captain manager owner designer
    """
)
NO_ROLE = _words("and or who which that said was is had has were")
"""Words that an office is not told by."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
TITLES = _words(
    """
    President Vice Prime Minister Secretary General Deputy Foreign Defence Finance Chancellor King Queen Prince
    Princess Archbishop Bishop Pope Captain Colonel Lieutenant Major Admiral Marshal Senator Governor Mayor Ambassador
    Professor Dr Sir Lord Lady Mr Mrs Ms
    """
)
NOT_PEOPLE = _words(
    """
    The A An Council Union Organization Organisation Treaty Group Commission Committee Party Parliament Assembly Army
    Navy Court Agreement Charter Declaration Protocol Bank Company University Institute Agency Ministry Government
    Republic Kingdom Empire State States Nations Conference Congress Convention Alliance League Federation Association
    Community Commonwealth Force Forces War Summit Act Plan Process Structure Centre Center Platform Mission City
    River Sea Ocean Island Islands Mountains Street House Palace North South East West Northern Southern Eastern
    Western Central New Great United European Soviet Baltic Asian African Arab Nordic Christian Muslim Jewish Catholic
    Christmas Easter
    """
)
"""Words with a capital that are no person's name."""

COUNTRIES = frozenset(
    " ".join(name)
    for name in _table(
        """
        Afghanistan, Albania, Algeria, Andorra, Angola, Argentina, Armenia, Australia, Austria, Azerbaijan, Bahrain,
        Bangladesh, Belarus, Belgium, Benin, Bhutan, Bolivia, Botswana, Brazil, Britain, Brunei, Bulgaria, Burundi,
        Cambodia, Cameroon, Canada, Chad, Chile, China, Colombia, Croatia, Cuba, Cyprus, Denmark, Ecuador, Egypt,
        Eritrea, Estonia, Ethiopia, Finland, France, Gabon, Gambia, Georgia, Germany, Ghana, Greece, Guatemala,
        Guinea, Guyana, Haiti, Honduras, Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy,
        Jamaica, Japan, Jordan, Kazakhstan, Kenya, Kosovo, Kuwait, Kyrgyzstan, Laos, Latvia, Lebanon, Lesotho,
        Liberia, Libya, Liechtenstein, Lithuania, Luxembourg, Madagascar, Malawi, Malaysia, Mali, Malta, Mauritania,
        Mauritius, Mexico, Moldova, Monaco, Mongolia, Montenegro, Morocco, Mozambique, Myanmar, Namibia, Nepal, New
        Zealand, Nicaragua, Niger, Nigeria, North Korea, North Macedonia, Norway, Oman, Pakistan, Panama, Paraguay,
        Peru, Poland, Portugal, Qatar, Romania, Russia, Rwanda, Saudi Arabia, Senegal, Serbia, Sierra Leone,
        Singapore, Slovakia, Slovenia, Somalia, South Africa, South Korea, South Sudan, Spain, Sri Lanka, Sudan,
        Sweden, Switzerland, Syria, Tajikistan, Tanzania, Thailand, Togo, Tunisia, Turkey, Turkmenistan, Uganda,
        Ukraine, Uruguay, Uzbekistan, Venezuela, Vietnam, Yemen, Zambia, Zimbabwe
        """
    )
)
