-- a person with very many identifiers is more likely many people: look at the evidence
{{ config(severity="warn") }}
select quarantine_key, reason, member_count, people_count
from {{ ref("int_identity_quarantine") }}
where kind = 'cluster'
