"""One generator for each way in which two parsers are known to read the same text differently."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

SECRET = ("app_tokens", "raw.payments", "payments", "stg_orders", "staging.stg_orders", "v_secret")
MART = ("marts.customers", "customers", "fct_orders", "marts.fct_sales")
# White space for DuckDB, part of a name for others.
JOINERS = "\u200b\ufeff\u2060\u200c\u200d\u00ad\u180e"
# White space for Python, part of a name for DuckDB.
SEPARATORS = "\u2028\u2029\u0085\u1680\u001c\u001d\u001e\u001f\u2000\u2003\u202f\u205f\u3000\u00a0"
CONTROLS = "\x0b\x0c\x00\x08\x1a\x7f"
# Letters and marks that the hygiene of the text lets pass, though they look like nothing.
BLANK_LETTERS = "\u3164\u115f\u1160\uffa0\u034f\ufe0f\u2800\u17b4"
# Letters that Unicode folds to ASCII ones; DuckDB folds only ASCII.
LOOKALIKES = {
    "k": "\u212a",
    "s": "\u017f",
    "a": "\uff41",
    "i": "\u0130",
    "o": "\u043e",
    "e": "\u0435",
}


def invisible_space(chance: Random) -> str:
    """Class 1: white space for DuckDB, identifier characters for sqlglot."""
    gap = chance.choice(JOINERS + BLANK_LETTERS)
    secret = chance.choice(SECRET)
    return chance.choice(
        [
            f"select * from {chance.choice(MART)} x{gap}positional{gap}join{gap}{secret}",
            f"select 'a' as a{gap}union{gap}all{gap}from{gap}{secret}",
            f"select 1 as a{gap},{gap}b from {chance.choice(MART)} c{gap},{gap}{secret}",
            f"from {chance.choice(MART)} a{gap}cross{gap}join {secret}",
        ]
    )


def separators(chance: Random) -> str:
    """Class 2: white space for Python, identifier characters for DuckDB."""
    gap = chance.choice(SEPARATORS + CONTROLS + BLANK_LETTERS)
    name = chance.choice(("app_tokens", "payments", "stg_orders"))
    return chance.choice(
        [
            f"with {name}{gap} as (select 1) select * from {name}",
            f"with {gap}{name} as (select 1) select * from {name}",
            f'with "{name}{gap}" as (select 1) select * from {name}',
            f"with a as (select 1), {name}{gap}as (select 2) from {name}",
        ]
    )


def folding(chance: Random) -> str:
    """Class 3: names that only Unicode folds together."""
    name = chance.choice(("app_tokens", "payments", "stg_orders", "v_secret"))
    places = [i for i, letter in enumerate(name) if letter in LOOKALIKES]
    place = chance.choice(places)
    like = name[:place] + LOOKALIKES[name[place]] + name[place + 1 :]
    pair = chance.sample([name, like, name.upper(), like.upper(), f'"{like}"', f'"{name}"'], 2)
    return chance.choice(
        [
            f"with {pair[0]} as (select 1) select * from {pair[1]}",
            f"select * from (select 1) as {pair[0]}, {pair[1]}",
            f"with recursive {pair[0]} as (select 1 union select * from {pair[1]}) from {pair[0]}",
        ]
    )


def summarized_text(chance: Random) -> str:
    """Class 4: SUMMARIZE and its kin over a text or a name, where sqlglot sees no table."""
    word = chance.choice(("summarize", "describe", "desc", "show", "table", "from", "pivot"))
    what = chance.choice((*SECRET, "'secret.csv'", '"secret.csv"', "'app_tokens'", "$$a.csv$$"))
    return chance.choice(
        [f"{word} {what}", f"from ({word} {what})", f"select * from ({word} {what}) as a"]
        + [f"with a as ({word} {what}) from a", f"select ({word} {what})", f"{word} (from {what})"]
    )


def described_names(chance: Random) -> str:
    """Class 5: `desc`, `show` and `summarize` as names and as words."""
    word = chance.choice(("desc", "describe", "show", "summarize", "table", "values", "pivot"))
    secret = chance.choice(SECRET)
    return chance.choice(
        [
            f"from ({word} {secret})",
            f'with "{word}" as (select 1 as a) from ({word} {secret})',
            f'with "{word}" as (select 1 as a) select * from {word} {secret}',
            f"with {word} as (select 1) from {word}, {secret}",
            f"select * from {chance.choice(MART)} {word} {secret}",
            f"select {word} {secret} from {chance.choice(MART)}",
        ]
    )


def user_types(chance: Random) -> str:
    """Class 6: types that a schema defines; no table is named anywhere."""
    name = chance.choice(
        ("raw.secret_enum", "secret_enum", "serving.raw.secret_enum", '"secret_enum"')
    )
    return chance.choice(
        [
            f"select enum_range(null::{name})",
            f"select try_cast('x' as {name})",
            f"select enum_first(cast(null as {name})) from {chance.choice(MART)}",
            f"select null::{name}[]",
            f"select null::struct(a {name})",
            f"select null::map(varchar, {name})",
            f"select '{{}}'::union(a {name}, b int)",
            f"select * from {chance.choice(MART)} pivot (count(*) for country in {name})",
            f"from (values (null::{name})) as t(a) select enum_range(a)",
            f"select {name} 'x'",
        ]
    )


def cte_order(chance: Random) -> str:
    """Class 7: CTEs in order, in scope, shadowed, recursive, and under set operations."""
    name = chance.choice(("app_tokens", "payments", "stg_orders", "customers", "fct_orders"))
    recursive = chance.choice(("", "recursive "))
    harmless = chance.choice(("select 1 as a", "values (1)", f"from {chance.choice(MART)}"))
    use = chance.choice((f"from {name}", f"select * from {name}", f"table {name}"))
    return chance.choice(
        [
            f"with {recursive}a as ({use}), {name} as ({harmless}) from a",
            f"with {recursive}{name} as ({use}) from {name}",
            f"with {recursive}{name} as ({harmless} union {use}) from {name}",
            f"with {recursive}{name} as ({use} union all {harmless}) from {name}",
            f"with a as (with {name} as ({harmless}) from {name}) from a, {name}",
            f"select (with {name} as ({harmless}) select count(*) from {name}) from {name}",
            f"(with {name} as ({harmless}) {use}) union all ({use})",
            f"with {name} as ({harmless}) {use} union all (with {name} as ({use}) {use})",
            f"with {recursive}{name}(a) using key (a) as ({harmless} union (select r.a from "
            f"recurring.{name} as r)) {use}",
            f"with {name} as ({harmless}) from recurring.{name}",
            f"with {name} as ({harmless}) select * from main.{name}, raw.{name}",
            f"with {name} as ({harmless}) pivot {name} on a in (1) using count(*)",
            f"from (with {name} as ({harmless}) {use}) as t, lateral ({use}) as u",
            f"with x as ({harmless}), {name} as (from x), x as ({use}) from x",
        ]
    )


def cut_text(chance: Random) -> str:
    """Class 8: characters that end the text for one parser and not for the other."""
    cut = chance.choice(("\x00", "\x1a", "\x04", "\\0", "\r", "\r--", "--\r", "/*", "*/", ";"))
    secret = chance.choice(SECRET)
    return chance.choice(
        [
            f"select 1{cut} from {secret}",
            f"select 1 --{cut}\n from {secret}",
            f"select 1 /*{cut}*/ from {secret} /* */",
            f"from {chance.choice(MART)} limit 1{cut}union all from {secret}",
            f"select '{cut}' from {secret} --'",
            f"select 1 -- a{cut}from {secret}",
        ]
    )


def literals(chance: Random) -> str:
    """Class 9: text literals of every kind, and names glued to them."""
    prefix = chance.choice(
        ("U&", "u&", "E", "e", "x", "X", "b", "n", "N", "r", "_utf8", "$$", "$a$", "")
    )
    end = prefix if prefix.startswith("$") else ""
    mark = "" if end else "'"
    body = chance.choice(
        ("a", "\\'", "''", "\\27", "\\0041", "41", "'' from app_tokens --", "\\\\", "$")
    )
    tail = chance.choice(("", " from app_tokens", " uescape '!'", "from payments", "'x'", ""))
    return f"select {prefix}{mark}{body}{end}{mark}{tail}"


def bare_values(chance: Random) -> str:
    """Class 10: functions written as bare words."""
    word = chance.choice(
        (
            "current_catalog",
            "current_schema",
            "current_role",
            "current_user",
            "session_user",
            "user",
        )
        + ("current_database", "localtime", "current_timestamp", "system_user", "rowid", "tableoid")
    )
    form = chance.choice(("{}", '"{}"', "{}()", "upper({})", "t.{}", "main.{}", "({})", "{}::text"))
    written = chance.choice((word, word.upper())).replace("u", chance.choice("uU"))
    mart = chance.choice(MART)
    return chance.choice(
        [
            f"select {form.format(written)}",
            f"select {form.format(written)} from {mart} as t",
            f"from {mart} as t where {form.format(written)} is not null",
            f"select * from (select 1 as a) as t({written}) where {form.format(written)} = 1",
            f"select (select {form.format(written)}) from (select 1 as {word}) as t",
            f"select 1 as {word}, count(*) from {mart} as t having {form.format(written)} = 'x'",
            f"with t({word}) as (select 1) select {form.format(written)} from t group by {written}",
            f"select t.* from {mart} as t, lateral (select {form.format(written)}) as l({word})",
            f"select list_transform([1], lambda {written}: {form.format(written)})",
            f"select * from {mart} as t order by {form.format(written)}",
        ]
    )


def half_parsed(chance: Random) -> str:
    """Class 11: what DuckDB parses and sqlglot does not, or takes for a command."""
    secret, mart = chance.choice(SECRET), chance.choice(MART)
    return chance.choice(
        [
            f"pivot_longer {mart} on country",
            f"(show {secret})",
            f"with c as (copy (from {secret}) to 'x.csv') select 1",
            "with c as (insert into raw.payments select 1, 'x' returning *) from c",
            f"pivot {mart} on country in ('DE') using count(*) group by customer_id order by 1",
            f"explain {mart}",
            f"explain analyze select * from {secret}",
            f"call pragma_table_info('{secret}')",
            f"from {mart} pivot (count(*) for country in (from {secret}))",
            "show all tables",
            "from (show tables)",
            f"from {mart} at (version => 1)",
            f"select #1 from {mart}",
            f"select $1 from {mart}",
            f"from query('from {secret}')",
            f"from {mart} tablesample (select 1 from {secret})",
            f"select * from {mart} limit (select count(*) from {secret})",
            f"select * from {mart} order by (select max(1) from {secret})",
            f"select columns(c -> c in (select 1 from {secret})) from {mart}",
            f"select * replace ((select max(1) from {secret}) as country) from {mart}",
            f"select sum(1) over (order by (select 1 from {secret})) from {mart}",
            f"select count(*) filter (where exists (from {secret})) from {mart}",
            f"select list_transform([1], lambda x: (select max(1) from {secret}))",
            f"select case when exists (from {secret}) then 1 end",
            f"values ((select count(*) from {secret}))",
            f"from {mart} semi join {secret} on true",
            f"from unnest((select list(1) from {secret}))",
            f"from range((select count(*) from {secret}))",
        ]
    )


def quoting(chance: Random) -> str:
    """Class 12: quoting, comments, glued numbers, and dots in names."""
    secret, mart = chance.choice(SECRET), chance.choice(MART)
    bare = secret.split(".")[-1]
    return chance.choice(
        [
            f'from "{secret}"',
            f'from marts."{secret}"',
            f'from "marts.{bare}"',
            f'with "{secret}" as (select 1) from {secret}',
            f'with "marts" as (select 1 as customers) from marts.{bare}',
            f'select 1 as "a"" from {secret} --"',
            f"select 1/*/* */ */from/**/{secret}",
            f"select 1 /* -- */ , (select 1 from {secret}) -- */",
            f"select 1union select 1 from {secret}",
            f"select 1from {secret}",
            f"select 1.e1from {secret}",
            f"select 0x1Ffrom {secret}",
            f"select 1_000from {secret}",
            f"from {mart}--\r\n,{secret}",
            f"select marts.{bare} from {mart} as marts",
            f"from `{secret}`",
            f"from [{secret}]",
            f"select {mart}, {secret} from {mart}",
            f"from {mart} as {bare}, {bare}",
            f"from {mart} as {bare} where exists (from {bare})",
        ]
    )


DIFFERENTIALS: tuple[Callable[[Random], str], ...] = (
    invisible_space,
    separators,
    folding,
    summarized_text,
    described_names,
    user_types,
    cte_order,
    cut_text,
    literals,
    bare_values,
    half_parsed,
    quoting,
)
