"""The key of each raw table, as text: what `truth.planted` calls a row."""

from __future__ import annotations

KEYS = {
    "shopify_orders": "id::varchar",
    "shopify_order_refunds": "id::varchar",
    "shopify_customers": "id::varchar",
    "shopify_products": "id::varchar",
    "shopify_product_variants": "id::varchar",
    "shopify_inventory_levels": "id || '/' || strftime(updated_at, '%Y-%m-%d')",
    "shopify_inventory_items": "id::varchar",
    "woocommerce_orders": "id::varchar",
    "woocommerce_products": "id::varchar",
    "woocommerce_customers": "id::varchar",
    "posthog_events": "id",
    "posthog_persons": "id",
    "meta_ads_insights": "strftime(date_start, '%Y-%m-%d') || '/' || account_id || '/' || ad_id",
    "meta_ads": "id",
    "meta_ad_creatives": "id",
    "google_ads_campaign": (
        "strftime(\"segments.date\", '%Y-%m-%d') || '/' || \"campaign.id\" || '/'"
        ' || "segments.hour" || \'/\' || "segments.ad_network_type"'
    ),
    "google_ads_ad_group_ad_legacy": (
        "strftime(\"segments.date\", '%Y-%m-%d') || '/' || \"ad_group_ad.ad.id\""
    ),
    "ga4_events": "event_bundle_sequence_id || '/' || batch_event_index",
    "crm_contacts": "id::varchar",
    "crm_companies": "id::varchar",
    "crm_deals": "deal_id::varchar",
    "form_submissions": "submission_id",
    "rudderstack_tracks": "id",
    "rudderstack_identifies": "id",
    "rudderstack_aliases": "id",
    "measure_js_events": "event_id",
}
# M4 names a device
DEVICES = {
    "posthog_events": "properties ->> '$.\"$device_id\"'",
    "ga4_events": "user_pseudo_id",
    "measure_js_events": "client_id",
}
# restated ads are M19, not M8; their days without a row are told in words
RESTATED = ("meta_ads_insights", "google_ads_campaign", "google_ads_ad_group_ad_legacy")
