-- query: searching in every way
select count(*) filter (product_name like 'R%') as a, count(*) filter (product_name ilike '%pack%') as b, count(*) filter (product_name not like '%e%') as c,
    count(*) filter (regexp_matches(product_name, '[0-9]+')) as d, count(*) filter (product_name ~ '.*[0-9].*') as e, count(*) filter (contains(product_name, 'er')) as f,
    count(*) filter (starts_with(product_name, 'F')) as g, count(*) filter (product_name similar to '[A-F].*') as h, count(*) filter (product_name glob '*2*') as i
from dim_products

-- query: cutting and changing
select upper(left(product_name, 3)) as start, right(product_name, 2), substring(product_name from 2 for 3), product_name[1:4], split_part(product_name, ' ', 1),
    replace(product_name, ' ', '_'), reverse(product_name), length(product_name), trim('  x '), lpad(sku, 20, '.'), rpad('x', 3, '-'), concat_ws(' / ', sku, null, vendor)
from dim_products order by product_key

-- query: regular expressions that take out and put in
select regexp_extract(product_name, '([A-Za-z]+) ([A-Za-z]+)', 2) as second, regexp_replace(product_name, '[aeiou]', '*', 'g') as starred,
    regexp_extract_all(product_name, '[0-9]+') as numbers, regexp_split_to_array(product_name, '\s+') as words, regexp_extract(sku, '^([A-Z]+)-(.*)$', ['line', 'rest']) as parts
from dim_products order by product_key

-- query: formats
select format('{:,.2f}', sum(net_sales)::double) as money, format('{} of {}', count(*), 'orders') as said, printf('%08.2f', avg(order_total)) as padded,
    printf('%s-%d', 'a', 3), format('{:>10}|{:<6}|', 'right', 'left')
from fct_orders

-- query: likeness of names
select a.product_name, b.product_name as like_it, levenshtein(a.product_name, b.product_name) as steps, round(jaro_winkler_similarity(a.product_name, b.product_name), 4)
from dim_products as a join dim_products as b on a.product_key < b.product_key where levenshtein(a.product_name, b.product_name) between 1 and 3 order by a.product_key, b.product_key

-- query: parts of addresses
select regexp_extract(url, '://([^/]+)', 1) as host, split_part(url, '/', 4) as part, count(*) from fct_customer_events where url is not null group by all order by all limit 30

-- query: letters beyond ASCII
select 'Zürich' || ' · ' || 'naïve' as text, strip_accents('Zürich') as plain, upper('é'), length('日本'), unicode('€'), chr(8364), 'Ä' < 'B' collate noaccent, nfc_normalize('é')

-- query: sorting without case
select distinct category from dim_products order by category collate nocase nulls last

-- query: methods in a chain
select product_name.lower().replace(' ', '-') as slug, ('a' || sku).upper() from dim_products order by product_key

-- query: hashes and encodings
select md5(sku) as m, sha256(sku)[:8] as s, hex('a'), to_base64('ab'::blob), url_encode('a b'), bit_length('x'), ascii('A'), hash(sku) is not null
from dim_products order by product_key limit 5

-- query: bars of text
select channel, count(*) as orders, bar(count(*), 0, 4000, 20) as drawn, repeat('#', 3) as mark from fct_orders group by 1 order by 1

-- query: null, empty and blank
select count(*) filter (campaign is null) as missing, count(*) filter (coalesce(nullif(trim(campaign), ''), 'none') = 'none') as blank, ifnull(max(campaign), '-'),
    count(*) filter (campaign is distinct from 'brand') as other from fct_orders

-- query: quoted texts of every kind
select 'it''s' as a, e'tab\tand\\' as b, $$no 'escape'$$ as c, $tag$with $$ inside$tag$ as d, 'a--b' as e, 'x /* y */' as f, ';' as g

-- query: comments everywhere
select /* one; two */ count(*) -- three; four
from fct_orders /* five */ where true -- six
