-- attack: a type that a schema defines, whose values would show
-- expect: sql.type
select enum_range(null::raw.secret_enum)
select enum_first(null::secret_enum)
select null::raw.secret_enum[]
select null::raw.secret_enum[3]
select cast(null as struct(a raw.secret_enum))
select cast(null as map(varchar, raw.secret_enum))
select cast(null as union(a raw.secret_enum))
select try_cast('x' as raw.secret_enum)
select 'x'::serving.raw.secret_enum
select raw.secret_enum 'x'
select secret_enum 'x'
select cast('x' as "secret_enum")
select country::raw.secret_enum from marts.customers
select enum_code('x'::secret_enum)
select typeof(null::raw.secret_enum)
from (select 1 as a) select a::raw.secret_enum
select list_transform([1], lambda x: x::raw.secret_enum)
select list_value(null::raw.secret_enum)
select json_object('a', null::raw.secret_enum)
select cast('[1]' as json[])::raw.secret_enum[]
select current_date::raw.secret_enum

-- attack: types in places that take none
-- expect: sql.syntax
pivot marts.customers on country in raw.secret_enum using count(*)
select null::enum('a', (select max(token) from app_tokens))
select null::enum(select token from app_tokens)

-- attack: PIVOT over a type
-- expect: sql.construct
from marts.customers pivot (count(*) for country in secret_enum)

-- attack: a type made from a query
-- expect: sql.not_a_query
create type t as enum (select token from app_tokens)

-- attack: a type over a file
-- expect: sql.function
select cast(a as raw.secret_enum) from read_csv('x.csv')
