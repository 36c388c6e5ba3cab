"""What Anna Ek applies for in the stories, and what it comes to.

Two hosts for two years and the light they need. The amounts are worked by hand: eleven months of
1,5 mkr are 1 375 000; with 85 500 once and 60 500 paid by the nämnd the first year asks for 1 400 000.
"""

TITLE = "Trygghetsvärdar i centrum"
TYPED_BEFORE_SCOPE = (
    TITLE,
    "Anna Ek, 070-123 45 67",
    "Två trygghetsvärdar rör sig i centrum kvällar och helger, och resecentrum får ny belysning.",
    "Fältgruppen arbetar vardagar. Värdarna täcker kvällar och helger.",
    "Fler ska känna sig trygga i centrum.",
)
TYPED_AFTER_SCOPE = (
    "Kommunen får närvaro när andra har stängt.",
    "Skola, kultur och handel får samma stöd.",
)
DIRECTION = "Inriktningens mål om trygga offentliga platser."
EFFECT = (
    "Andelen som känner sig trygga i centrum enligt trygghetsmätningen.",
    "54 % enligt trygghetsmätningen 2025",
    "65 %",
)
EFFECT_WHEN = "2028-12-31"

ANALYSIS = "Nämnden har prövat omprioritering. Det skulle stänga en fritidsgård."
ANALYSIS_COMPLETED = (
    "Nämnden har prövat omprioritering av 1 375 000 kr. Det skulle stänga fritidsgården på Norr."
)
INCLUDED = "Tove Nyström på TFF har räknat på belysningen den 12 mars."
COMPLETION = "Skriv vad omprioriteringen skulle kosta."
CLOSING = "Analysen behöver ett belopp innan vi kan ta ställning."

# Row by row as the modals have it: block → what is typed or chosen.
HOSTS = {
    "what": "Trygghetsvärdar, två heltider",
    "amount": "1,5 mkr",
    "start": "2027-02-01",
    "end": "2028-12-31",
}
EQUIPMENT = {
    "what": "Utbildning och utrustning",
    "recurrence": "one_off",
    "amount": "85 500",
    "start": "2027-03-01",
}
LIGHT = {
    "what": "Belysning vid resecentrum",
    "payment:2027": "800 tkr",
    "in_use_from": "2027-07-01",
    "useful_life": "10",
}
OWN_FINANCING = {"kind": "operating", "year": "2027", "amount": "60 500"}
