"""Which parameters of a URL tell who somebody is, and which only where a link stands."""

from __future__ import annotations

import re

from martlet.publish.personal.names import hint

PARAMETER = r"""[?&;#]([A-Za-z_][\w.\-\[\]]{0,40}=[^&#\s"'<>\\]+)"""
URL_WITH_QUERY = r"""(?:[\p{L}\p{N}-]\.\p{L}{2,}/|\p{L}[\p{L}\p{N}+.-]*://|www\.|^/|["'\s]/)[^\s"'<>]*[?#][^\s"'<>]*="""
LONG_VALUE = (
    r"^(?:\d{7,}|[0-9a-f]{16,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|[A-Za-z0-9_+/%.=]{16,}|[A-Za-z0-9_-]{20,})$"
)
_WORDS_JOINED = re.compile(r"[a-z]+\d{0,4}(?:[-_.+%][a-z]*\d{0,4})+|[a-zA-Z]+", re.IGNORECASE)

HARMLESS_WORDS = """
    page p per_page limit offset sort sort_by order dir direction filter category cat color
    colour size variant sku product product_id item item_id pid lang language locale hl
    currency country region view tab ref ref_src source medium campaign type format version v
    theme width height w h dpr quality section anchor brand collection tag tags gad_source
    mc_cid srsltid year month day date from to start end min max price discount coupon promo
    channel network device matchtype adgroupid campaignid creative keyword placement target
    targetid loc_physical_ms
"""
HARMLESS = frozenset(HARMLESS_WORDS.split())
IDENTIFYING_WORDS = """
    e u uid user user_id userid usr customer customer_id customerid cust cid client client_id
    clientid account account_id acct member member_id contact contact_id subscriber
    subscriber_id recipient recipient_id person person_id visitor visitor_id token key api_key
    apikey auth sig signature session session_id sessionid sid jsessionid phpsessid gclid
    fbclid msclkid ttclid dclid wbraid gbraid mc_eid _hsenc _hsmi invite invitation name
    to_name order_id orderid booking booking_id ticket ticket_id invoice invoice_id reset
    confirm unsubscribe subid click_id clickid idfa gaid ip
"""
IDENTIFYING = frozenset(IDENTIFYING_WORDS.split())


def identifies(parameter: str, *, long_values: int) -> bool:
    """Whether a parameter carries an identifier: by its name, or by values such as keys have."""
    name = parameter.lower()
    if name in IDENTIFYING:
        return True
    if name.startswith("utm_") or name in HARMLESS:
        return False
    found = hint(parameter)
    return bool(found and not found.weak) or long_values > 0


def is_key(value: str) -> bool:
    """A long value that is not made of words."""
    mixed = any(char.isdigit() for char in value)
    return mixed and not _WORDS_JOINED.fullmatch(value)
