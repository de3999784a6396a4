"""How e-mail addresses, phone numbers and postal addresses look."""

from __future__ import annotations

from martlet.publish.personal import checksums
from martlet.publish.personal.pattern import AFTER, BEFORE, Pattern

CONTACT: tuple[Pattern, ...] = (
    Pattern(
        "email",
        r"([\p{L}\p{N}][\p{L}\p{N}._%+'-]*@[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.\p{L}\p{L}+)",
        checksums.is_email,
        needle=("@",),
    ),
    Pattern(
        "email",
        r"(?i)([\p{L}\p{N}._-]+\s?[\[({<]\s?(?:at|@|ät)\s?[\])}>]\s?[\p{L}\p{N}-]+)",
        needle=("[", "(", "{", "<"),
    ),
    Pattern(
        "email",
        r"(?i)([\p{L}\p{N}][\p{L}\p{N}._-]*\s?(?:[@＠]|&#(?:64|x40);|&commat;)\s?[\p{L}\p{N}][\p{L}\p{N}-]*"
        r"(?:\s?\.\s?[\p{L}\p{N}-]+)*\s?\.\s?\p{L}{2,})",
        checksums.is_email,
        needle=("@", "＠", "&"),
    ),
    Pattern(
        "phone",
        r"(?:^|[^\p{L}\p{N}_+.])(\+\s?[1-9]\d{0,3}(?:[\s.\-/()]{0,3}\d){6,13})(?:$|[^\p{L}\p{N}_])",
        checksums.is_international_phone,
        needle=("+",),
        digits=True,
    ),
    Pattern(
        "phone",
        BEFORE + r"(00[1-9]\d{0,2}[\s.\-/(]\s?\(?\d(?:[\s.\-/()]{0,2}\d){5,12})" + AFTER,
        checksums.is_international_phone,
        codes=True,
        needle=("00",),
        digits=True,
    ),
    Pattern(
        "phone",
        BEFORE + r"((?:\+?1[\s.-])?(?:\([1-9]\d{2}\)\s?\d{3}[\s.-]\d{4}|[1-9]\d{2}-\d{3}-\d{4}"
        r"|[1-9]\d{2}\.\d{3}\.\d{4}|[1-9]\d{2} \d{3} \d{4}|\([1-9]\d\)\s?9\d{4}-\d{4}))" + AFTER,
        checksums.is_national_phone,
        codes=True,
        digits=True,
    ),
    Pattern(
        "phone",
        BEFORE + r"(\(?0[1-9]\d{0,4}\)?[\s\-/]{1,2}(?:\d[\s\-/]?){4,9}\d|0[1-9](?:\.\d{2}){4})"
        r"(?:$|[^\p{L}\p{N}_\-/:]|:\s)",
        checksums.is_national_phone,
        codes=True,
        digits=True,
    ),
    Pattern(
        "phone",
        r"(?i)(?:^|[^\p{L}])(?:phone|tel|telefono?|téléphone|mobile?|mob|handy|cell|call|fax"
        r"|whatsapp|sms|appele[rz]|rufen|anruf\p{L}*|anrufen|tél|móvil|llam\p{L}+|erreichbar|reach"
        r"|contact (?:number|no))(?:[\s:.=\"'#(]|at|me|him|her|them|us|is|on|under|unter|nr|no"
        r"|number|nummer|au|al|el|desde|to|sous|n°){1,8}(\+?\(?\d(?:[\s.\-/()]{0,2}\d){6,13})"
        + AFTER,
        checksums.is_called_phone,
        digits=True,
    ),
    Pattern(
        "address",
        r"(?i)(?:^|[^\p{L}\p{N}])(\d{1,5}[a-z]?,?\s+(?:[\p{L}.'’-]+\s+){1,3}"
        r"(?:street|avenue|boulevard|road|lane|drive|terrace|crescent|parkway|highway))(?:$|[^\p{L}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(?:^|[^\p{L}\p{N}])(\d{1,5}[A-Za-z]?,?\s+(?:[NSEW]\.?\s+)?(?:\p{Lu}[\p{L}.'’-]*\s+){1,3}"
        r"(?:St|Ave|Rd|Blvd|Dr|Ln|Ct|Court|Way|Place|Pl|Square|Sq|Close|Pkwy|Hwy|ST|AVE|RD|BLVD|DR"
        r"|LN|CT))(?:$|[^\p{L}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"((?:\p{Lu}[\p{L}-]*(?:[ -]\p{L}+)?(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer"
        r"|chaussee|straat|laan|plein|gracht|kade)|\p{Lu}\p{L}+(?:er|e|-)?\s?-?(?:Straße|Strasse"
        r"|Str\.|Weg|Platz|Allee|Gasse|Ufer))\s+\d{1,4}\s?[a-zA-Z]?)(?:$|[^\p{L}\p{N}])",
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(\p{Lu}[\p{L}'’-]+ (?:Street|Avenue|Road|Lane|Boulevard|Drive|St\.|Ave\.|Rd\.)"
        r" \d{1,4}|\d{1,2}-\d{1,2}-\d{1,2},? \p{Lu}\p{L}+, \p{Lu}\p{L}+"
        r"|〒\s?\d{3}-\d{4})(?:$|[^\p{L}\p{N}])",
        things=0.2,
        needle=(" ", "〒"),
    ),
    Pattern(
        "address",
        r"(\p{Lu}\p{L}+(?:gatan|vägen|veien|gata|gate|vej|gade|katu|tie|gränd|torget)\s\d{1,4}"
        r"|(?:ul\.|al\.|pl\.|os\.|ulica|aleja|plac|osiedle|náměstí)"
        r"\s+\p{Lu}\p{L}+(?:\s\p{L}+)?\s\d{1,4}|\p{Lu}\p{L}+ "
        r"(?:utca|út|tér|ulice|sokak|caddesi|sk\.|cd\.)\s(?:no[:.]?\s?)?\d{1,4})",
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(?i)(?:^|[^\p{L}\p{N}])(\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|bd|place|chemin"
        r"|allée|impasse|quai|cours|route|av\.)\s+(?:d[eu']s?|la|l'|\p{L}{3,}))",
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"((?:Calle|C/|Avenida|Avda\.?|Paseo|Plaza|Carrera|Camino|Ronda|Via|Viale|Piazza|Corso|Rua|ul\.)"
        r"\s+\p{L}[\p{L} .'’-]+?,?\s+(?:n[º°.]\s*)?\d{1,4})(?:$|[^\p{L}\p{N}])",
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(\p{Lu}[\p{L}. ]+,\s?[A-Z]{2}\s+\d{5}(?:-\d{4})?"
        r"|,\s*(?:[A-Z]{1,2}-)?\d{4,5}\s+\p{Lu}\p{Ll}\p{Ll}+"
        r"|(?i:p\.?\s?o\.?\s?box|postfach|apartado|boîte postale)\s+\d+)(?:$|[^\p{L}\p{N}])",
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "address",
        r"(?:^|[^\p{L}\p{N}_\-])([A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLN-UW-Z]{2}"
        r"|[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d)" + AFTER,
        codes=True,
        things=0.2,
        needle=(" ",),
    ),
    Pattern(
        "email",
        r"(?i)([\p{L}\p{N}._-]+ at [\p{L}\p{N}-]+ (?:dot|punkt|point|punto) \p{L}+)",
        needle=(" ",),
    ),
)
