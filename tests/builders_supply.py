"""Make what happens to goods; change what the test is about (`shipping(event_time=later(days=2))`)."""

from __future__ import annotations

from typing import Any

from players import AT, CASE, COOPERATIVE, FIELD, LOT_2, MERCHANT, SHOP, later, quantity

from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    BizTransaction,
    Destination,
    ObjectEvent,
    Source,
    TransactionEvent,
    TransformationEvent,
)


def object_event(**changes: Any) -> ObjectEvent:
    """A batch is registered, unless changed."""
    return ObjectEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "event_time_zone_offset": "+08:00",
            "quantity_list": (quantity(),),
            "biz_step": "commissioning",
            "disposition": "active",
            "read_point": FIELD,
            "biz_location": FIELD,
            **changes,
        }
    )


def shipping(**changes: Any) -> ObjectEvent:
    """The cooperative hands the batch to the merchant."""
    return object_event(
        **{
            "event_time": later(days=1),
            "action": "OBSERVE",
            "biz_step": "shipping",
            "disposition": "in_transit",
            "biz_location": None,
            "source_list": (Source(COOPERATIVE, "possessing_party"),),
            "destination_list": (Destination(MERCHANT, "possessing_party"),),
            **changes,
        }
    )


def receiving(**changes: Any) -> ObjectEvent:
    """The merchant takes the batch."""
    return shipping(
        **{
            "event_time": later(days=2),
            "biz_step": "receiving",
            "disposition": "in_progress",
            "read_point": SHOP,
            "biz_location": SHOP,
            **changes,
        }
    )


def retail_sale(**changes: Any) -> ObjectEvent:
    """Some of the batch is sold to consumers."""
    return object_event(
        **{
            "event_time": later(days=3),
            "action": "OBSERVE",
            "biz_step": "retail_selling",
            "disposition": "retail_sold",
            "quantity_list": (quantity(amount="5"),),
            "read_point": SHOP,
            "biz_location": SHOP,
            **changes,
        }
    )


def aggregation_event(**changes: Any) -> AggregationEvent:
    return AggregationEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "parent_id": CASE,
            "child_quantity_list": (quantity(amount="20"),),
            "biz_step": "packing",
            "read_point": FIELD,
            **changes,
        }
    )


def association_event(**changes: Any) -> AssociationEvent:
    return AssociationEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "parent_id": CASE,
            "child_epcs": ("https://id.gs1.org/8004/9521000A1",),
            "biz_step": "assembling",
            **changes,
        }
    )


def transaction_event(**changes: Any) -> TransactionEvent:
    return TransactionEvent(
        **{
            "event_time": AT,
            "action": "ADD",
            "quantity_list": (quantity(),),
            "biz_transaction_list": (BizTransaction("urn:uuid:7a0f7b1c-2f0e-4a57-9ad8-0c5e2f5f0a01", "po"),),
            **changes,
        }
    )


def transformation_event(**changes: Any) -> TransformationEvent:
    return TransformationEvent(
        **{
            "event_time": AT,
            "input_quantity_list": (quantity(),),
            "output_quantity_list": (quantity(LOT_2, "650"),),
            "biz_step": "commissioning",
            "read_point": FIELD,
            **changes,
        }
    )
