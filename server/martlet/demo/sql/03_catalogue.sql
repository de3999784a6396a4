-- What is sold: products, their variants with list prices, and how likely each is bought in each
-- month.
create temp table products (
    product_number bigint, title varchar, category varchar, code varchar, price_eur bigint,
    popularity bigint, season varchar,
    options varchar[]
);
insert into products values
    (1, 'Alder Daypack 22', 'Packs', 'PK-ALD22', 8900, 95, 'all', ['Moss', 'Slate', 'Rust']),
    (2, 'Rowan Rolltop 28', 'Packs', 'PK-ROW28', 12900, 60, 'all', ['Moss', 'Black']),
    (3, 'Cairn Trekking Pack 55', 'Packs', 'PK-CAI55', 21900, 30, 'summer', ['Slate', 'Rust']),
    (4, 'Tarn Hip Pack 4', 'Packs', 'PK-TAR04', 3900, 70, 'summer', ['Moss', 'Black']),
    (5, 'Ferry Duffel 60', 'Packs', 'PK-FER60', 11900, 35, 'all', ['Black']),
    (6, 'Kid Alder Daypack 10', 'Packs', 'PK-ALD10', 4900, 25, 'all', ['Rust', 'Sky']),
    (7, 'Heath Tent 1', 'Shelter', 'SH-HEA01', 27900, 16, 'summer', ['Moss']),
    (8, 'Heath Tent 2', 'Shelter', 'SH-HEA02', 34900, 20, 'summer', ['Moss', 'Sand']),
    (9, 'Moor Tunnel Tent 4', 'Shelter', 'SH-MOO04', 54900, 6, 'summer', ['Sand']),
    (10, 'Lee Tarp 3x3', 'Shelter', 'SH-LEE33', 9900, 30, 'summer', ['Moss', 'Sand']),
    (11, 'Titanium Peg Set', 'Shelter', 'SH-PEG08', 2900, 40, 'summer', ['8 pieces']),
    (12, 'Fen Bivy Bag', 'Shelter', 'SH-FEN01', 16900, 9, 'summer', ['Slate']),
    (13, 'Owl Down Bag 0C', 'Sleep', 'SL-OWL00', 26900, 18, 'summer', ['Regular', 'Long']),
    (14, 'Owl Down Bag -10C', 'Sleep', 'SL-OWL10', 36900, 12, 'winter', ['Regular', 'Long']),
    (15, 'Wren Quilt', 'Sleep', 'SL-WRE01', 19900, 14, 'summer', ['Regular', 'Long']),
    (16, 'Lark Insulated Mat', 'Sleep', 'SL-LAR01', 14900, 32, 'summer', ['Regular', 'Wide']),
    (17, 'Lark Foam Mat', 'Sleep', 'SL-LAR02', 3900, 38, 'summer', ['Regular']),
    (18, 'Finch Inflatable Pillow', 'Sleep', 'SL-FIN01', 2900, 55, 'summer', ['Sky', 'Slate']),
    (19, 'Ember Gas Stove', 'Cook', 'CK-EMB01', 5900, 50, 'summer', ['Standard']),
    (20, 'Ember Stove Set', 'Cook', 'CK-EMB02', 12900, 22, 'summer', ['Standard']),
    (21, 'Beck Titanium Mug 450', 'Cook', 'CK-BEC45', 3400, 85, 'winter', ['Plain', 'Engraved']),
    (22, 'Beck Pot 900', 'Cook', 'CK-BEC90', 4900, 36, 'summer', ['Plain']),
    (23, 'Spork Pair', 'Cook', 'CK-SPO02', 1400, 80, 'all', ['Titanium', 'Bamboo']),
    (24, 'Burn Insulated Bottle 0.7', 'Cook', 'CK-BUR07', 3200, 110, 'all', ['Moss', 'Rust',
     'Sand']),
    (25, 'Brook Water Filter', 'Cook', 'CK-BRO01', 4400, 40, 'summer', ['Standard']),
    (26, 'Fjord Rain Jacket', 'Apparel', 'AP-FJO01', 23900, 40, 'all', ['S', 'M', 'L']),
    (27, 'Skerry Down Jacket', 'Apparel', 'AP-SKE01', 27900, 34, 'winter', ['S', 'M', 'L']),
    (28, 'Skerry Down Vest', 'Apparel', 'AP-SKE02', 17900, 22, 'winter', ['S', 'M', 'L']),
    (29, 'Holm Fleece', 'Apparel', 'AP-HOL01', 9900, 75, 'winter', ['S', 'M', 'L']),
    (30, 'Strand Merino Tee', 'Apparel', 'AP-STR01', 6900, 90, 'all', ['S', 'M', 'L']),
    (31, 'Strand Merino Longsleeve', 'Apparel', 'AP-STR02', 8900, 60, 'winter', ['S', 'M', 'L']),
    (32, 'Geest Trekking Trousers', 'Apparel', 'AP-GEE01', 12900, 48, 'summer', ['S', 'M', 'L']),
    (33, 'Hallig Wool Beanie', 'Apparel', 'AP-HAL01', 2900, 95, 'winter', ['Moss', 'Rust']),
    (34, 'Hallig Liner Gloves', 'Apparel', 'AP-HAL02', 3400, 50, 'winter', ['S/M', 'L/XL']),
    (35, 'Pine Merino Socks', 'Accessories', 'AC-PIN01', 1900, 160, 'all', ['36-40', '41-46']),
    (36, 'Lumen Headlamp 400', 'Accessories', 'AC-LUM40', 5400, 65, 'winter', ['Standard']),
    (37, 'Lumen Camp Lantern', 'Accessories', 'AC-LUM10', 3900, 35, 'summer', ['Standard']),
    (38, 'Staff Carbon Poles', 'Accessories', 'AC-STA01', 11900, 26, 'summer', ['Pair']),
    (39, 'Dune Sunglasses', 'Accessories', 'AC-DUN01', 7900, 30, 'summer', ['Smoke', 'Amber']),
    (40, 'Repair Kit', 'Accessories', 'AC-REP01', 1600, 45, 'all', ['Standard']),
    -- never drawn as a line of its own: orders add it
    (41, 'Gift Card', 'Gift Cards', 'GC-KP050', 5000, 0, 'all', ['50']);

create temp table variants as
select
    product_number * 4 + option_number as variant_number,
    product_number,
    title,
    category,
    options[option_number + 1] as option_title,
    code
    || '-'
    || upper(left(regexp_replace(options[option_number + 1], '[^A-Za-z0-9]', '', 'g'), 3)) as sku,
    price_eur,
    popularity * [100, 80, 60][option_number + 1] as popularity,
    season
from products
cross join range(3) as option(option_number)
where option_number < len(options);

-- Price lists: one per Shopify store, and the outlet's, about 15 % lower.
create temp table price_list as
select
    variant_number,
    platform,
    currency,
    case
        platform || currency
        when 'shopifyEUR'
        then price_eur
        when 'shopifyUSD'
        then (price_eur * 112 // 10000) * 100 + 95
        when 'shopifyGBP'
        then (price_eur * 88 // 10000) * 100 + 50
        when 'shopifyJPY'
        then (price_eur * 165 // 10000) * 100
        when 'woocommerceEUR'
        then (price_eur * 85 // 10000) * 100 + 90
        when 'woocommerceGBP'
        then (price_eur * 75 // 10000) * 100 + 90
    end as price
from variants
cross join
    (
        values
            ('shopify', 'EUR'),
            ('shopify', 'USD'),
            ('shopify', 'GBP'),
            ('shopify', 'JPY'),
            ('woocommerce', 'EUR'),
            ('woocommerce', 'GBP')
    ) as store(platform, currency);

-- Cumulative shares in each month of the year, for an as-of join on a draw.
create temp table variant_choice as
with
    months as (select unnest(range(1, 13))::bigint as month_number),

    weighed as (
        select
            month_number,
            variant_number,
            popularity * case
                season
                when 'summer'
                then [35, 40, 70, 110, 150, 180, 180, 140, 90, 50, 40, 50]
                when 'winter'
                then [150, 140, 90, 50, 30, 20, 20, 40, 100, 150, 180, 200]
                else [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
            end
            [month_number] as weight
        from variants
        cross join months
        where popularity > 0
    )
select
    month_number,
    variant_number,
    (
        sum(weight) over (
            partition by month_number order by variant_number rows unbounded preceding
        )
        - weight
    )::double
    / (sum(weight) over (partition by month_number))::double as share_from
from weighed;
