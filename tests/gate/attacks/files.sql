-- attack: files and addresses as tables, in every form
-- expect: sql.unknown_mart
from 'x.csv'
from 'x.parquet'
from '*.parquet'
from '/etc/passwd'
from 'http://example.com/x.csv'
from 's3://b/x.parquet'
from "x.csv"
from "http://example.com/x.csv"
from 'x.csv' t
from marts.customers, 'x.csv'
from marts.customers join 'x.parquet' using (customer_id)
select (from 'x.csv')
select exists (from 'x.csv')
select * from ('x.csv')
table 'x.csv'
table "x.csv"
summarize 'x.csv'
summarize "x.csv"
describe 'x.csv'
describe from 'x.csv'
desc 'x.csv'
from (summarize 'x.csv')
from (describe 'x.csv')
pivot 'x.csv' on a using count(*)
pivot 'x.csv' on a in (1) using count(*)
unpivot 'x.csv' on a
with x as (from 'x.csv') from x
from 'x.csv' tablesample 10%
from 'x.csv' pivot (count(*) for a in (1))
from 'file:x.csv'
from 'duckdb:x.db'
from 'sqlite:x.db'
from marts.'x.csv'
from marts."x.csv"
select * from "customers.csv"
select * from "../x.parquet"
from '/dev/stdin'
from '/proc/self/environ'
from 'data.json'
from 'x.csv.gz'
from secret_df
from df

-- attack: SHOW over a file
-- expect: sql.construct
show 'x.csv'

-- attack: files in places that take no name
-- expect: sql.syntax
from ['x.csv']
from ['a.parquet', 'b.parquet']
from $$x.csv$$
from e'x.csv'
from x'41'
from U&'x.csv'
from 'marts'.'customers'
