-- attack: functions that read files, catalogs, settings, state, or SQL from a text
-- expect: sql.function
select version()
select current_setting('search_path')
select current_setting('memory_' || 'limit')
select getenv('HOME')
select getvariable('x')
select get_current_role()
select pg_typeof(1)
select pg_backend_pid()
select pg_get_viewdef(1)
select pg_get_constraintdef(1)
select pg_catalog.pg_typeof(1)
select obj_description(1, 'a')
select col_description(1, 1)
select has_table_privilege('raw.customers', 'select')
select has_schema_privilege('raw', 'usage')
select to_regclass('raw.customers')
select format_type(1, 1)
select inet_server_addr()
select txid_current()
select nextval('raw.secret_seq')
select currval('raw.secret_seq')
select setval('raw.secret_seq', 1)
select setseed(0.5)
select sleep_ms(10)
select write_log('x')
select parse_duckdb_log_message('a', 'b')
select add_parquet_key('a', 'b')
select read_text('x')
select content from read_text('/etc/passwd')
select * from marts.customers, read_csv('x.csv')
from read_csv_auto('x.csv')
from read_parquet(['a.parquet'])
from parquet_scan('x')
from parquet_metadata('x')
from parquet_schema('x')
from parquet_kv_metadata('x')
from parquet_file_metadata('x')
from read_json('x')
from read_json_auto('x')
from read_ndjson('x')
from read_blob('*')
from read_text('*')
from sniff_csv('x.csv')
from glob('/*')
from "read_csv"('x.csv')
from "READ_CSV"('x.csv')
from main.read_csv('x.csv')
from system.main.read_csv('x.csv')
from arrow_scan(1, 2, 3)
from pandas_scan(1)
from python_map_function(1)
from seq_scan('raw.customers')
from index_scan('raw.customers')
from duckdb_scan('x.db', 'main', 't')
from sqlite_scan('x.db', 't')
from postgres_scan('host=x', 'public', 't')
from iceberg_scan('x')
from delta_scan('x')
from query('from app_tokens')
from query_table('app_tokens')
from query_table(['app_tokens'])
from query_table(['marts.customers', 'raw.customers'], true)
from query_table("app_tokens")
from query('select 1', 'select 2')
select * from query('from ' || 'app_tokens')
select query('from app_tokens')
from duckdb_tables()
from duckdb_settings()
from duckdb_functions()
from duckdb_secrets()
from duckdb_databases()
from duckdb_variables()
from duckdb_extensions()
from duckdb_temporary_files()
from duckdb_memory()
from duckdb_types()
from duckdb_views()
from duckdb_keywords()
from duckdb_optimizers()
from duckdb_constraints()
from duckdb_sequences()
from duckdb_dependencies()
from duckdb_indexes()
from duckdb_prepared_statements()
from duckdb_approx_database_count()
from duckdb_profiling_settings()
from pragma_table_info('raw.customers')
from pragma_storage_info('raw.customers')
from pragma_show('raw.customers')
from pragma_database_size()
from pragma_database_list()
from pragma_collations()
from pragma_metadata_info()
from pragma_user_agent()
from pragma_platform()
from pragma_version()
from test_all_types()
from test_vector_types(1)
from summary(marts.customers)
from repeat_row(1, num_rows = 3)
from repeat(1, 3)
from checkpoint()
from force_checkpoint()
from enable_logging()
from enable_profiling()
from which_secret('a', 's3')
from get_columns('a')
from json_execute_serialized_sql(json_serialize_sql('from app_tokens'))
select json_serialize_sql('from app_tokens')
select json_deserialize_sql('{}')
select json_serialize_plan('from app_tokens')
from json_tree('[1]')
select stats(country) from marts.customers
select alias(country) from marts.customers
select vector_type(country) from marts.customers
select in_search_path('serving', 'raw')
select error('x')
select invoke(lambda x: x, 1)
select create_sort_key('a', 'ASC')
select row_to_json_x(1)
select json_contains('[1]', '1')
select from_json('[1]', '["INT"]')
select json_transform('{"a":1}', '{"a":"INT"}')
select json_transform_strict('{"a":1}', '{"a":"INT"}')
select json_structure('[1]')
select json_merge_patch('{}', '{}')
select json_pretty('[1]')
select json_serialize_sql_x('a')
select variant_normalize(1)
select st_point(1, 2)
select system.main.upper('a')
select main.upper('a')
select pg_catalog.upper('a')
select temp.main.upper('a')
select raw.leak_scalar(1)
select leak_scalar(1)
select marts.leak_scalar(1)
select serving.raw.leak_scalar(1)
from raw.leak()
from leak()
select country.leak_scalar() from marts.customers
select country.current_setting() from marts.customers
select 'search_path'.current_setting()
select ('search_path').current_setting()
select 'x'.getvariable()
select list_apply(['search_path'], lambda x: current_setting(x))
select list_aggregate([1], 'nextval')
select list_aggr(['search_path'], 'current_setting')
select aggregate([1], 'histogram_values')
select sum(1) over () , current_setting('x') over ()
select count(*) filter (current_setting('threads') = '1') from marts.customers
select sum(distinct current_setting('threads')::int) from marts.customers
select max(country order by getvariable('x')) from marts.customers
select percentile_cont(0.5) within group (order by getvariable('x')) from marts.customers

-- attack: texts cast to types that look names up
-- expect: sql.type
select 'raw.customers'::regclass
select 'raw'::regnamespace
select 'int'::regtype
select 'now'::regproc
select 1::oid::regclass
select '{"a":1}'::json::variant
select 1::variant
select 'POINT(1 2)'::geometry
select cast(1 as type)

-- attack: catalogs under their bare names
-- expect: sql.unknown_mart
from duckdb_columns
from duckdb_logs
from information_schema.tables
from information_schema.columns
from information_schema.schemata
from serving.information_schema.tables
from system.information_schema.columns
from "information_schema"."tables"
from INFORMATION_SCHEMA.TABLES
from pg_catalog.pg_class
from pg_class
from pg_tables
from pg_catalog.pg_tables
from pg_attribute
from pg_namespace
from pg_catalog.pg_views
from pg_settings
from pg_type
from sqlite_master
from sqlite_schema
from sqlite_temp_master
from main.sqlite_master
from temp.sqlite_master

-- attack: an aggregate named by a text
-- expect: sql.function
select list_aggregate([1], 'nextval')
select list_aggr(['search_path'], 'current_setting')
select aggregate([1], 'histogram_values')
select list_aggregate([1], 'su' || 'm')
select array_aggregate([1], country) from marts.customers
select [1].list_aggregate('duckdb_tables')
