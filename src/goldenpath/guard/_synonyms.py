"""Verbs that name the same deed, and nouns that name things of one kind.

A mail that is sent is also delivered or dispatched; who is a member here is a customer
there. It is a thesaurus of what programs do and of what they are about, made from no
particular code base. A word may be in several groups; two verbs are alike if a group
has both, or if they are one word in two forms.
"""

from __future__ import annotations

import functools

_DEEDS = """
send deliver dispatch post notify transmit push emit publish broadcast fire forward
save store put persist write keep record upsert insert add register set append
load fetch get read find lookup retrieve query obtain pull search select show list
delete remove drop purge discard erase forget unregister clear evict invalidate revoke
update edit modify change patch amend alter rename
acquire lock take hold grab claim reserve checkout borrow lease obtain enter
release unlock free return checkin give leave
connect open attach join login start begin launch run execute perform process handle
disconnect close detach shutdown stop end finish terminate quit dispose abort kill
cancel abort stop
create make build construct new generate produce issue mint compose prepare render
check verify validate test authenticate authorize allow permit is has can
encode dump serialize pack marshal
decode parse deserialize unpack unmarshal
export download extract report
import upload ingest
retry resend redeliver replay repeat
schedule enqueue submit queue plan defer delay
subscribe listen watch observe follow on
unsubscribe unlisten unfollow ignore off
charge pay bill capture debit
refund reverse credit
geocode locate resolve
count total size len number
renew extend refresh touch
sign seal stamp
log audit trace track
"""
_THINGS = """
user member customer person people account client subscriber contact guest visitor login
profile card personal account preference details nickname avatar bio displayname
lock mutex lease semaphore latch exclusive reservation guard gate claim hold
expiry ttl expire timeout deadline lease lifetime age stale
address street place location house city town postcode zip country region
coordinate position latitude longitude lat lon lng latlng place location geo geocode
webhook callback hook endpoint url notify subscriber listener
event signal message occurrence notification topic
message mail email letter note text
mail email smtp mailbox inbox envelope recipient newsletter
sms telephone phone mobile number
notification alert push notice announcement reminder
subscription subscriber listener observer follower
queue backlog outbox spool fifo pending waiting buffer
job task work todo command workload
schedule cron calendar timer plan interval timetable recurrence
worker thread process runner executor daemon consumer
connection conn socket link session channel handle cursor
pool farm keeper broker reservoir stock idle spare
database db sql table row record postgres mysql sqlite oracle mongo dynamo collection
cache memo memoize redis memcache lru shelf ttl hit miss
key name identifier id token code
file document blob attachment upload object artifact asset
folder directory path bucket container share
export download dump extract output spreadsheet csv excel xlsx report ndjson
import upload ingest load
report statement summary table result statistics sheet
csv spreadsheet excel xlsx xls tsv sheet workbook
pdf document print page paper
image picture photo thumbnail bitmap avatar icon png jpeg
thumbnail preview resize scale crop
archive zip tar compress bundle package
backup snapshot dump copy restore
payment charge billing card money transaction checkout stripe paypal
invoice bill receipt statement
refund reverse chargeback credit reimbursement
price cost amount fee rate tariff fare
currency money exchange rate forex
tax vat duty levy
discount coupon voucher promotion rebate offer
order purchase sale checkout
cart basket trolley bag
product article item goods sku catalogue
stock inventory warehouse quantity reservation
shipment delivery parcel shipping carrier consignment package courier
token credential secret key ticket jwt bearer
password secret passphrase credential hash
login signin authentication auth session identity
permission access right privilege role policy grant acl authorization
session cookie visit login
encryption cipher crypt key secret aes decrypt
signature hmac digest sign seal checksum hash
flag toggle feature switch rollout experiment variant
setting configuration config option preference parameter property environment
limit quota throttle rate budget cap bucket allowance
counter tally count metric gauge statistic
metric gauge measurement telemetry statistic counter histogram statsd prometheus
audit trail journal history log accountability
log journal record trace
trace span timing profile
health heartbeat status alive ping liveness
retry attempt backoff redelivery repeat
failure error dead fault
search query lookup find index
index inverted posting fulltext term
document text content article page
term word token keyword
translation language locale phrase i18n catalog gettext
template layout render format jinja placeholder
schema model structure definition type
validator rule check constraint
parser reader scanner lexer decoder
serializer encoder codec marshaller converter
plugin extension addon module
workflow process pipeline flow step state
state status phase machine transition
chat room conversation channel talk
comment reply post thread discussion remark
tag label category keyword
rating review score feedback stars
recommendation suggestion similar
calendar appointment booking meeting reservation date
booking reservation appointment
ticket issue incident case bug
server host node machine instance
proxy gateway relay forwarder
router route dispatch path
request call http query
response answer reply result
http rest web url requests httpx urllib aiohttp request urlopen
sensor device thermometer probe meter
weather forecast temperature climate
game match round bet tournament
bet wager stake odds tote
vehicle car truck van fleet
route trip tour journey way path
distance metre kilometre mile
clock time now timestamp date
random uuid unique identifier sequence
version revision migration history release
feed stream rss timeline
video audio media movie song track
barcode qr code scan
captcha robot bot challenge
consent privacy gdpr cookie
contract agreement licence license
employee staff worker personnel
patient doctor clinic
student course lesson
vote poll survey ballot question
survey questionnaire answer poll
merchant shop seller store vendor partner
store storage repository persistence dao archive vault directory
registry directory catalogue register lookup
dispatcher publisher sender notifier relay broadcaster emitter deliverer
fetcher client retriever crawler scraper
limiter throttle quota bucket burst allowance ceiling budget window
shortener shortlink slug redirect alias link
link href anchor uri address
duplicate idempotent dedupe once seen fingerprint hash
identifier serial ulid uuid snowflake
ledger account journal booking posting entry balance bookkeeping
balance wallet credit saldo funds purse
loyalty bonus reward mile stamp
voucher coupon gift redeem
subscription plan tier membership renewal billing
payroll salary wage pay payslip
timesheet hour clocking attendance shift
leave vacation absence holiday sick
expense reimbursement claim receipt spending
holiday calendar workday weekday businessday
appointment slot availability schedule
seat place ticket row
room bed night stay hotel
supplier vendor procurement purchase requisition
picking warehouse bin shelf rack pallet
label sticker barcode tag
spool paper page
alarm alert incident escalation threshold
device sensor gateway iot thing meter probe
sample measurement observation
transcode codec ffmpeg video
subtitle caption transcript
transcription speech voice recognition audio
ocr scan recognition
classifier label category prediction model
spam junk filter abuse moderation
virus malware quarantine infected
dns domain hostname resolver record nameserver
ip address network subnet host
crawler spider scraper harvest fetch
sitemap crawl
markdown render html markup wiki
html markup dom tag
sanitize clean escape strip bleach
spelling typo dictionary correction
diff patch delta comparison
merge combine consolidate
leaderboard ranking score highscore standings rank
player gamer opponent participant
quiz question answer exam
presence online status heartbeat seen
indicator presence
friend contact buddy relation
team organization company tenant workspace
tenant customer organization mandant client
permission role grant policy entitlement scope
invitation invite referral
onboarding registration signup enrolment
visit cookie
otp totp passcode pin factor authenticator
certificate cert tls ssl pem
keyring vault credential keystore
feature flag toggle switch gate rollout experiment
experiment variant abtest treatment
locale language translation culture
unit measure conversion
currency conversion exchange fx
weather forecast climate temperature rain
tile layer chart
geofence zone area region polygon
eta arrival delay duration travel
courier driver rider carrier deliveryman
parcel shipment consignment package delivery
tracking trace position waybill
snapshot checkpoint backup savepoint
replica mirror standby secondary
shard partition segment slice
broker bus exchange channel stream queue topic
consumer listener receiver
producer publisher sender emitter
saga workflow orchestration step compensation
rule policy condition decision
approval review signoff confirmation
issue complaint
comment remark annotation
signature signing esign sign
archive storage vault retention
retention purge expiry cleanup
cleanup purge sweep prune garbage vacuum
dataset table frame corpus
model weights checkpoint estimator
embedding vector similarity nearest
tree branch hierarchy
graph edge vertex network
chart plot diagram graph figure
dashboard widget panel board
report summary digest statement overview
digest newsletter summary bulletin
feed timeline stream wall activity
activity action event behaviour click
click impression view hit
campaign promotion advert marketing ad
advert ad banner creative
segment audience cohort
catalog catalogue listing assortment
stock inventory holding supply availability
price quote offer tariff
quote quotation offer estimate proposal
tax vat duty gst levy
shipping freight postage
refund chargeback reversal
fraud risk scam suspicion
kyc verification identity
pdf layout
thumbnail preview picture image photo
picture photo image snapshot
gallery album
font glyph typeface
color colour palette theme
theme skin style layout
menu navigation sidebar
screen view site
field survey
import ingest upload intake
batch bulk chunk lot
job task execution
progress percent
protocol logbook
span correlation
crash failure fault
health probe liveness readiness
deployment release rollout
environment stage config
pod docker
machine host server vm
license licence entitlement activation
plugin extension addon hook
command instruction action
macro script snippet
lexer grammar
query filter criteria condition
pagination cursor offset
sort ranking
catalog lookup
autocomplete suggest completion typeahead
synonym thesaurus alias
translation gettext phrase
street house postcode town
title caption
phone telephone mobile msisdn
person people human
family household member relative
patient chart
prescription medicine drug dose
diagnosis symptom disease
course lesson class training
student pupil learner participant
grade mark score
title volume edition isbn
library loan lending borrow
loan credit lending borrow debt
interest percent
share security equity fund
portfolio holding position asset
trade deal execution
bank iban transfer
transfer payment remittance wire
invoice receipt
auction bid lot
vote ballot poll election
recipe ingredient dish meal
restaurant menu
flight plane airline
train railway track
stop halt platform
vehicle car truck bus fleet
parking lot space garage
energy power electricity consumption
crop field harvest farm
schedule cron crontab periodic recurring interval timed due tick planner timer beat
cron croniter apscheduler periodic hourly daily weekly nightly schedule timed
later delay eta countdown postpone defer
image picture pil pillow imagemagick wand opencv
resize shrink scale crop downscale fit
thumbnail thumb preview miniature mini small
import ingest intake load loader puller harvest etl sync feed
permission right acl privilege grant role allow deny forbid may can entitlement
permission guardian authorize casbin forbidden acl grant role
authenticate login signin password credential ldap saml oidc sso
notification notify alert inform tell push fcm apns message messenger remind reminder
llm gpt openai anthropic claude completion prompt langchain ollama mistral bot
assistant agent bot chatgpt llm
conversation dialogue dialog turn utterance chat
mail smtp smtplib sendgrid mailgun ses postmark mailjet mailchimp mandrill
sms twilio nexmo vonage messagebird text
payment stripe braintree adyen mollie paypal klarna charge
pdf reportlab weasyprint wkhtmltopdf fpdf pypdf latex
spreadsheet openpyxl xlsxwriter xlrd xlwt pandas excel
storage s3 boto3 minio gcs azure blob bucket
search elasticsearch solr whoosh lucene opensearch meilisearch algolia fulltext
metric prometheus statsd datadog graphite influx opentelemetry gauge
geocode geopy nominatim googlemaps mapbox opencage photon
currency exchange rate forex ecb fx convert conversion
backup dump restic borg rsync tar snapshot mysqldump pgdump archive
restore recover recovery rollback undo
lock flock fcntl redlock zookeeper setnx advisory mutex exclusive
queue rabbitmq pika kafka sqs amqp nats celery rq outbox
secret vault keyring hvac kms credential
token jwt jose jti oauth bearer itsdangerous
leaderboard ranking rank highscore standing toplist scoreboard points champion
comment remark reply discussion annotation opinion feedback moderation
address postal street zip city postcode recipient
device firmware serial enrol provision mqtt gateway sensor hardware handset
subscription plan renewal recurring trial dunning billing membership
inventory stock warehouse sku onhand quantity replenish
shipping shipment parcel dhl ups fedex label tracking carrier courier
recommendation recommend suggest similar related alsobought
fraud risk suspicious scoring blacklist chargeback
consent gdpr privacy optin optout cookie
loyalty points reward bonus tier cashback
coupon voucher promo discount rebate giftcard
booking reservation slot appointment occupancy availability
ticket helpdesk issue case zendesk support
survey poll questionnaire vote ballot
workflow bpm state transition approval step
plugin extension addon entrypoint hook
certificate acme letsencrypt tls ssl x509
dns nameserver zone record route53 resolver
crawler spider scrape robots sitemap fetch
transcode ffmpeg video encode hls
subtitle caption srt vtt transcript
ocr tesseract scan recognise
barcode qr ean code128
signature sign hmac esign docusign digest
translation translate gettext i18n locale language deepl
spellcheck hunspell spelling typo correction
diff patch delta compare changes
rss atom feed syndication entry
tag label keyword category taxonomy
presence online heartbeat lastseen away
health ping probe alive liveness readiness
deploy release rollout canary ship
election leader quorum raft consensus
identifier uuid ulid snowflake sequence serial nextval
shorten shortener slug redirect bitly
dedupe duplicate idempotency seen once
retry backoff attempt tenacity redo
breaker circuit trip fallback open
compress gzip zlib zstd deflate
encrypt decrypt fernet aes cipher nacl
hash digest sha256 md5 checksum fingerprint
audit trail accountability who changed history
log logger logging structlog sentry
trace span jaeger zipkin
anomaly outlier drift alarm
forecast predict projection outlook trend
bandit experiment variant arm treatment cohort split
segment cohort audience group cluster
websocket socket sse stream realtime live
webrtc call voice sip
room lobby channel board table space
participant member attendee watcher viewer visitor
broadcast fanout push announce publish everyone
template jinja mako mustache render
validate validator constraint pydantic cerberus check
sanitize bleach clean escape strip
config setting yaml toml ini environ option
session cookie login visit signin
quota limit ceiling allowance throttle rate bucket pace
pause sleep wait spacing slow
pool checkout idle borrow lend connection
invoice bill receipt billing number due
tax vat gst duty levy
price amount cost tariff quote fee rate markup
discount reduction rebate graduated break
order purchase checkout sale
customer client buyer account shopper
supplier vendor manufacturer partner wholesaler
employee staff worker clerk operator
document file scan attachment paper
upload attachment chunk multipart resumable
download export extract dump
table sheet column row csv
page article post content entry
profile avatar nickname bio account
contact person phonebook addressbook vcard
calendar event meeting ical ics
reminder due alarm wakeup
report summary digest statistics overview
dashboard panel widget chart
chart plot graph matplotlib plotly
map tile layer leaflet
route trip itinerary navigation directions
vehicle car truck fleet van
energy meter power consumption kwh
temperature thermostat heating climate
weather rain wind forecast
recipe ingredient meal dish
patient medical clinic doctor
course lesson pupil student teacher
grade mark score exam
loan lend borrow due overdue
game player match round
score points result tally
auction bid bidder lot
donation donor gift fundraising
contract agreement term clause
rental lease hire rent
property flat apartment listing estate
job vacancy applicant candidate
timesheet hour shift clock
payroll salary wage payslip
expense receipt reimbursement
ledger journal posting account entry bookkeeping
bank iban sepa transfer statement
budget spending cap allowance
alert pager oncall escalation
spam junk moderation abuse filter
virus malware clamav quarantine
archive retention purge shred
snapshot checkpoint savepoint dump
replicate mirror copy standby
migrate migration alembic upgrade
seed fixture sample demo
cache memo memoize lru memcached redis
warm preload prefetch
expire ttl lifetime age stale fresh
evict drop purge flush invalidate
index inverted posting token term
autocomplete typeahead suggest prefix
rank sort order relevance boost
cluster shard partition bucket
consumer worker daemon listener
producer publisher emitter sender
topic channel subject queue
message envelope payload body
webhook callback hook endpoint subscriber delivery
signature secret hmac header
token refresh access revoke
user member account principal subject
team group organisation tenant department
invite invitation join referral
friend follower contact buddy
like reaction vote thumb favourite
review rating star testimonial
wishlist favourite bookmark watchlist
basket cart trolley bag
catalog assortment product article
variant size colour option
photo gallery album picture
video clip movie film
audio sound song track
font typeface glyph
print printer label zpl
scanner gun reader scan
gate turnstile door access
parking lot space bay
seat row hall ticket
"""
_ENDINGS = (
    "ations", "ation", "ions", "ion", "ings", "ing", "ers", "er", "ors", "or", "ies",
    "ied", "ed", "es", "s", "y", "e",
)  # fmt: skip
# What is left of a word must be one.
_SHORTEST = 3


@functools.lru_cache(maxsize=65536)
def deeds_of(verb: str) -> frozenset[str]:
    """Return what a verb may do: verbs that have one in common are alike."""
    stem_ = stem(verb)
    # A group is called by its line, which is no word.
    return _table(_DEEDS).get(stem_, _NONE) | {f"{stem_}\n"}


@functools.lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return what the forms of a word have in common: ``deliveries`` is ``deliver``."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word


@functools.lru_cache(maxsize=65536)
def kinds_of(stem_: str) -> frozenset[str]:
    """Return the groups that a stem is in, of deeds and of things."""
    return _table(_DEEDS).get(stem_, _NONE) | _table(_THINGS).get(stem_, _NONE)


_NONE: frozenset[str] = frozenset()


@functools.cache
def _table(groups: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in filter(None, groups.split("\n")):
        for word in line.split():
            # A group is called by its words: no other has the same.
            found[stem(word)] = found.get(stem(word), _NONE) | {line}
    return found
