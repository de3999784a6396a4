-- A shop to add up in your head: 3 customers, 6 orders, 8 lines. Order totals: 10+20+30+40+50+60 = 210.
create schema marts;
create schema staging;
create table staging.stg_orders as select 'SECRET_STAGING' as note;
create table marts.dim_customers (
    customer_id integer primary key, email varchar, country varchar, first_order_date date
);
insert into marts.dim_customers values
    (1, 'SECRET_ada@example.com', 'DE', '2026-01-05'),
    (2, 'SECRET_ben@example.com', 'US', '2026-01-20'),
    (3, 'SECRET_eve@example.com', null, '2026-03-01');
create table marts.fct_orders (
    order_id integer primary key, customer_id integer, order_date date, channel varchar,
    order_total decimal(18, 2)
);
insert into marts.fct_orders values
    (1, 1, '2026-01-05', 'web', 10.00),
    (2, 2, '2026-01-20', 'app', 20.00),
    (3, 1, '2026-02-10', 'web', 30.00),
    (4, 2, '2026-02-11', null, 40.00),
    (5, 3, '2026-03-01', 'web', 50.00),
    (6, null, '2026-03-09', 'app', 60.00);
create table marts.fct_lines (
    line_id integer primary key, order_id integer, sku varchar, line_date date,
    quantity integer, net_amount decimal(18, 2)
);
insert into marts.fct_lines values
    (1, 1, 'A', '2026-01-05', 1, 10.00),
    (2, 2, 'A', '2026-01-20', 2, 20.00),
    (3, 3, 'A', '2026-02-10', 1, 10.00),
    (4, 3, 'B', '2026-02-10', 1, 20.00),
    (5, 4, 'B', '2026-02-11', 2, 40.00),
    (6, 5, 'A', '2026-03-01', 3, 30.00),
    (7, 5, 'B', '2026-03-01', 1, 20.00),
    (8, 6, 'B', '2026-03-09', 3, 60.00);
